using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace MLBuild.Registry;

/// <summary>What a registry accepts, whatever database is below it. Each rule returns or throws the refusal.</summary>
internal static partial class RegistryRules
{
    public static void Check(ModelCandidate candidate) =>
        Refuse(
            $"Model '{candidate.ModelName}' was not registered",
            [
                NameFault("model name", candidate.ModelName),
                WhoFault("who registers it", candidate.Who),
                .. candidate.Evidence.Metrics
                    .Where(metric => !double.IsFinite(metric.Value))
                    .Select(metric => FormattableString.Invariant(
                        $"metric '{metric.Key}' is {metric.Value}, expected a finite number")),
                .. candidate.Evidence.Metrics.Select(metric => TextFault("a metric's name", metric.Key)),
                .. candidate.Evidence.Attachments.Select(artifact => TextFault("an attachment's name", artifact.Key)),
            ]);

    public static void Check(DeployRequest request) =>
        Refuse(
            $"Version {request.Number} of model '{request.ModelName}' was not deployed to '{request.Environment}'",
            [
                NameFault("model name", request.ModelName),
                NameFault("environment", request.Environment),
                WhoFault("who deploys it", request.Who),
                TextFault("why it is deployed", request.Why),
                request.Override is { } forced && string.IsNullOrWhiteSpace(forced.Reason)
                    ? "--force-because is empty, expected the reason, which the history keeps"
                    : TextFault("--force-because", request.Override?.Reason ?? ""),
            ]);

    public static void Check(RolloutRequest request) =>
        Refuse(
            $"The rollout of version {request.Number} of model '{request.ModelName}' to '{request.Environment}' was "
            + "not changed",
            [
                NameFault("model name", request.ModelName),
                NameFault("environment", request.Environment),
                WhoFault("who changes it", request.Who),
                SaidFault("why it is changed", request.Why),
                request.Percent is >= 0 and <= 100
                    ? null
                    : FormattableString.Invariant($"the share is {request.Percent} %, expected 0 to 100"),
                request.Override is { } forced && string.IsNullOrWhiteSpace(forced.Reason)
                    ? "--force-because is empty, expected the reason, which the history keeps"
                    : TextFault("--force-because", request.Override?.Reason ?? ""),
            ]);

    public static void CheckReport(string modelName, string environment, string server, string content) =>
        Refuse(
            "The server's report was not kept",
            [
                NameFault("model name", modelName), NameFault("environment", environment),
                SaidFault("the server's name", server), SaidFault("what it says", content),
            ]);

    public static void Check(AnnotateRequest request) =>
        Refuse(
            $"Version {request.Number} of model '{request.ModelName}' was not {Verb(request.Annotation)}",
            [
                NameFault("model name", request.ModelName),
                WhoFault("who does it", request.Who),
                request.Annotation switch
                {
                    Annotation.Note note => SaidFault("the note", note.Text),
                    Annotation.Tag tag => NameFault("tag", tag.Name),
                    Annotation.Untag tag => NameFault("tag", tag.Name),
                    Annotation.Archive archive => SaidFault("why", archive.Why),
                    Annotation.Unarchive unarchive => SaidFault("why", unarchive.Why),
                    var other => throw new InvalidOperationException($"BUG: unknown annotation {other}."),
                },
            ]);

    public static void CheckNames(string modelName, string environment) =>
        Refuse(
            "The registry was not asked",
            [NameFault("model name", modelName), NameFault("environment", environment)]);

    public static void CheckName(string modelName) =>
        Refuse("The registry was not asked", [NameFault("model name", modelName)]);

    /// <summary>Decides about an annotation that would change something.</summary>
    /// <param name="serving">Where the version serves now.</param>
    /// <param name="rolledOut">The rollouts under way in which it is the candidate.</param>
    public static void CheckAllowed(
        AnnotateRequest request, IReadOnlyList<Deployment> serving, IReadOnlyList<ActiveRollout> rolledOut)
    {
        if (request.Annotation is Annotation.Archive && rolledOut.Count > 0)
            throw new RegistryException(
                RegistryFault.StillServing,
                $"Version {request.Number} of model '{request.ModelName}' was not archived: it is being rolled out to "
                + $"{string.Join(" and ", rolledOut.Select(rollout => $"'{rollout.Started.Environment}'"))}. "
                + "End that first: ./build.sh Rollback.");
        if (request.Annotation is Annotation.Archive && serving.Count > 0)
            throw new RegistryException(
                RegistryFault.StillServing,
                $"Version {request.Number} of model '{request.ModelName}' was not archived: it serves in "
                + $"{string.Join(" and ", serving.Select(since => $"'{since.Environment}'"))}. Deploy another version "
                + "there first: ./build.sh Deploy --model-version N.");
    }

    /// <summary>Decides about a deployment that would change something.</summary>
    /// <param name="archived">The entry that put the version aside; null if it is not.</param>
    /// <param name="rollout">The one under way in the environment; null if there is none.</param>
    public static void CheckAllowed(
        DeployRequest request, ModelVersion version, RecordedAnnotation? archived, Served serving,
        ActiveRollout? rollout)
    {
        if (rollout is not null)
            throw new RegistryException(
                RegistryFault.RolloutChanged,
                $"Version {version.Number} of model '{version.ModelName}' was not deployed to '{request.Environment}': "
                + $"{UnderWay(rollout)}. Let it end, or end it: ./build.sh Promote or ./build.sh Rollback.");
        if (archived is { Annotation: Annotation.Archive { Why: var why } })
            throw new RegistryException(
                RegistryFault.Archived,
                $"Version {version.Number} of model '{version.ModelName}' was not deployed to '{request.Environment}': "
                + FormattableString.Invariant(
                    $"it was archived ({archived.RecordedUtc:yyyy-MM-dd HH:mm}Z, by {archived.Who}: {why}). ")
                + "Take it back first: ./build.sh Unarchive "
                + $"--model-version {version.Number} --because \"...\".");

        var asExpected = (request.Expected, serving) switch
        {
            (ExpectedServing.Anything, _) => true,
            (ExpectedServing.Nothing, Served.Nothing) => true,
            (ExpectedServing.Version expected, Served.Version now) => expected.Number == now.Model.Number,
            _ => false,
        };
        if (!asExpected)
            throw new RegistryException(
                RegistryFault.ServingChanged,
                $"Version {version.Number} of model '{version.ModelName}' was not deployed: "
                + $"'{request.Environment}' serves {Describe(serving)}, expected {Describe(request.Expected)}. "
                + "Somebody deployed in between: evaluate against what serves now, then deploy again.");

        if (version.Evidence.Gate != GateOutcome.Passed && request.Override is null)
            throw new RegistryException(
                RegistryFault.GateNotPassed,
                $"Version {version.Number} of model '{version.ModelName}' was not deployed to '{request.Environment}': "
                + $"its gate outcome is {version.Evidence.Gate}, expected {GateOutcome.Passed} "
                + $"(evaluation {version.Evidence.EvaluationHash.Short}). "
                + "Evaluate it again, or take responsibility: --force-because \"...\".");
    }

    /// <summary>Decides about a rollout that would change something.</summary>
    /// <param name="archived">The entry that put the version aside; null if it is not.</param>
    /// <param name="serving">What serves now.</param>
    /// <param name="rollout">The one under way in the environment; null if there is none.</param>
    public static void CheckAllowed(
        RolloutRequest request, ModelVersion version, RecordedAnnotation? archived, Served serving,
        ActiveRollout? rollout)
    {
        if (request.Change == RolloutChange.Started)
        {
            // The same conditions as for serving all requests.
            CheckAllowed(
                new DeployRequest(
                    request.ModelName, request.Environment, request.Number, request.Who, request.Why)
                {
                    Expected = request.Expected,
                    Override = request.Override,
                },
                version, archived, serving, rollout);
            if (serving is not Served.Version now)
                throw new RegistryException(
                    RegistryFault.ServingChanged,
                    $"Version {version.Number} of model '{version.ModelName}' was not rolled out: "
                    + $"'{request.Environment}' serves nothing yet, and a rollout has a version to go back to. Deploy "
                    + "it at once: --strategy direct.");
            if (now.Model.Number == request.Number)
                throw new RegistryException(
                    RegistryFault.ServingChanged,
                    $"Version {version.Number} of model '{version.ModelName}' was not rolled out: "
                    + $"'{request.Environment}' serves it already.");
            return;
        }
        if (rollout?.Candidate != request.Number)
            throw new RegistryException(
                RegistryFault.RolloutChanged,
                $"The rollout of version {request.Number} of model '{request.ModelName}' to '{request.Environment}' "
                + $"was not changed: {(rollout is null ? "none is under way" : UnderWay(rollout))}. "
                + "See ./build.sh Status.");
        if (request.ExpectedPosition is { } expected && rollout.Last.Position != expected)
            throw new RegistryException(
                RegistryFault.RolloutChanged,
                $"The rollout of version {request.Number} of model '{request.ModelName}' to '{request.Environment}' "
                + FormattableString.Invariant(
                    $"was not changed: it was {rollout.Last.Change} ({rollout.Percent} %) by {rollout.Last.Who} ")
                + "in between. See ./build.sh Status.");
        // What is known of it may have grown since it started: Register evaluates known bytes anew.
        if (request.Change == RolloutChange.Promoted && version.Evidence.Gate != GateOutcome.Passed
            && ForcedReason(request, rollout) is null)
            throw new RegistryException(
                RegistryFault.GateNotPassed,
                $"Version {version.Number} of model '{version.ModelName}' was not promoted in '{request.Environment}': "
                + $"its gate outcome is {version.Evidence.Gate} now, expected {GateOutcome.Passed} "
                + $"(evaluation {version.Evidence.EvaluationHash.Short}). End the rollout (./build.sh Rollback), or "
                + "take responsibility: ./build.sh Promote --force-because \"...\".");
    }

    /// <summary>Why the gate of a rollout's candidate is overridden: what is said now counts before what was said when
    /// the rollout started.</summary>
    /// <param name="rollout">Null where the request starts one.</param>
    public static string? ForcedReason(RolloutRequest request, ActiveRollout? rollout) =>
        request.Override?.Reason ?? rollout?.Started.ForcedReason;

    private static string UnderWay(ActiveRollout rollout) =>
        FormattableString.Invariant(
            $"version {rollout.Candidate} is being rolled out ({rollout.Strategy}, {rollout.Percent} %, ")
        + FormattableString.Invariant($"since {rollout.Started.RecordedUtc:yyyy-MM-dd HH:mm}Z, ")
        + $"by {rollout.Started.Who})";

    public static RegistryException UnknownVersion(string modelName, int number, int versions) =>
        new(RegistryFault.UnknownVersion, versions switch
        {
            0 => $"Model '{modelName}' has no versions yet: run ./build.sh Register first.",
            1 => $"Model '{modelName}' has no version {number}. Versions: 1.",
            _ => $"Model '{modelName}' has no version {number}. Versions: 1..{versions}.",
        });

    private static string Verb(Annotation annotation) => annotation switch
    {
        Annotation.Note => "noted",
        Annotation.Tag => "tagged",
        Annotation.Untag => "untagged",
        Annotation.Archive => "archived",
        Annotation.Unarchive => "taken back",
        _ => throw new InvalidOperationException($"BUG: unknown annotation {annotation}."),
    };

    private static string Describe(Served serving) => serving switch
    {
        Served.Version now => FormattableString.Invariant(
            $"version {now.Model.Number} (since {now.Since.DeployedUtc:yyyy-MM-dd HH:mm}Z, by {now.Since.Who})"),
        _ => "nothing yet",
    };

    private static string Describe(ExpectedServing expected) => expected switch
    {
        ExpectedServing.Version { Number: var number } => $"version {number}",
        ExpectedServing.Nothing => "nothing",
        _ => "anything",
    };

    // One spelling per model and environment: 'Production' beside 'production' would be two histories.
    private static string? NameFault(string what, string name) =>
        NamePattern.IsMatch(name)
            ? null
            : $"{what} '{name}' is not a name, "
            + "expected 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter or digit";

    private static string? WhoFault(string what, string who) =>
        string.IsNullOrWhiteSpace(who) ? $"{what} is empty, expected a person or a build" : TextFault(what, who);

    private static string? SaidFault(string what, string text) =>
        string.IsNullOrWhiteSpace(text) ? $"{what} is empty, expected a sentence" : TextFault(what, text);

    // SQLite would keep something else without a word, PostgreSQL refuses it in words of its own.
    private static string? TextFault(string what, string text) =>
        IsText(text) ? null : $"{what} has half a character or the character U+0000, expected text";

    private static bool IsText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '\0' || Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done)
                return false;
            text = text[length..];
        }
        return true;
    }

    private static void Refuse(string outcome, IEnumerable<string?> faults)
    {
        var found = faults.OfType<string>().ToArray();
        if (found.Length > 0)
            throw new RegistryException(RegistryFault.InvalidRequest, $"{outcome}: {string.Join("; ", found)}.");
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern { get; }
}
