using System.Globalization;
using MLBuild.Store;

namespace MLBuild.Registry.Tests;

/// <summary>What one of many processes does with a registry that all of them use: models of its own, models that
/// others register too, new evaluations, deployments with and without a condition, rollouts, reports, annotations, and
/// questions. Which it does, and with what, is a matter of the seed; what comes of it, of the others.</summary>
/// <param name="worker">0, 1, 2… It is in the name of whoever does something: <c>3/17</c>.</param>
internal sealed class MixedWork(IModelRegistry registry, int worker, ulong seed)
{
    public const string Environment = "production";

    /// <summary>What is said of a deployment that changed what serves.</summary>
    public const string Deployed = "Deployed";

    /// <summary>What is said of an annotation that said something new.</summary>
    public const string Annotated = "Annotated";

    /// <summary>What is said of a rollout that changed.</summary>
    public const string RolledOut = "RolledOut";

    // Models, evaluations and tags that all processes have in common.
    private const int SharedModels = 20;
    private const int Evaluations = 3;
    private const int Tags = 2;

    private readonly SplitMix64 _random = new(seed ^ (ulong)worker << 32);
    private int _highestNumber = 1;

    /// <summary>Does one thing after the other, and says what came of each once it is done.</summary>
    public void Run(int operations, TextWriter said)
    {
        for (var i = 0; i < operations; i++)
        {
            said.WriteLine(One($"{worker}/{i}").ToLine());
            said.Flush();
        }
    }

    private Acknowledged One(string who) => _random.Below(40) switch
    {
        < 5 => Register($"own {who}", "first", who),
        < 9 => Register($"shared {_random.Below(SharedModels)}", "first", who),
        < 11 => Register(
            $"shared {_random.Below(SharedModels)}", $"evaluation {_random.Below(Evaluations)}", who),
        < 16 => Deploy(registry.ServingNumber(Environment), isConditional: true, who),
        < 17 => Deploy(serving: null, isConditional: false, who),
        < 20 => Read(who),
        < 25 => Annotate(who),
        < 35 => RollOut(registry.Desired(TaxiModel.Name, Environment).Rollout, who),
        _ => Report(who),
    };

    private Acknowledged Register(string bytes, string evaluation, string who)
    {
        var registered = registry.Register(
            TaxiModel.Candidate(bytes, evaluation: evaluation) with { Who = who });
        var version = registered.Version;
        _highestNumber = Math.Max(_highestNumber, version.Number);
        return new(registered.GetType().Name, who, version.Number, version.EvidenceNumber, ContentHash.Of(bytes).Hex);
    }

    private Acknowledged Deploy(int? serving, bool isConditional, string who)
    {
        var request = TaxiModel.To(Environment, 1 + _random.Below(_highestNumber)) with
        {
            Who = who,
            Expected = (isConditional, serving) switch
            {
                (false, _) => new ExpectedServing.Anything(),
                (true, null) => new ExpectedServing.Nothing(),
                (true, { } number) => new ExpectedServing.Version(number),
            },
        };
        try
        {
            var deployed = registry.Deploy(request);
            var isChange = deployed is Registry.Deployed.Changed;
            // The condition as it was meant, to be compared with what the history says.
            var from = isConditional && isChange ? serving : deployed.Deployment.From;
            return new(
                isChange ? Deployed : "Stays", who, deployed.Deployment.To,
                deployed.Deployment.Position, $"{from}");
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.ServingChanged or RegistryFault.UnknownVersion
            or RegistryFault.Archived or RegistryFault.RolloutChanged)
        {
            return new($"{e.Fault}", who, request.Number, 0, "");
        }
    }

    // Two of three steps end it, so that there is often none and the others can deploy.
    private Acknowledged RollOut(ActiveRollout? underWay, string who)
    {
        var (change, isConditional) = (underWay is null, _random.Below(3)) switch
        {
            (true, _) => (RolloutChange.Started, true),
            (_, 0) => (RolloutChange.Shared, true),
            (_, 1) => (RolloutChange.Promoted, true),
            _ => (RolloutChange.RolledBack, _random.Below(2) == 0),
        };
        var request = new RolloutRequest(
            TaxiModel.Name, Environment, underWay?.Candidate ?? 1 + _random.Below(_highestNumber), change, who, "why")
        {
            Percent = change == RolloutChange.Shared ? 1 + _random.Below(99) : 0,
            ExpectedPosition = isConditional ? underWay?.Last.Position : null,
        };
        try
        {
            return registry.RollOut(request) is Registry.RolledOut.Changed { Entry: var entry }
                ? new(RolledOut, who, entry.Candidate, entry.Position, $"{change}")
                : new("RolloutStays", who, request.Number, 0, "");
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.ServingChanged or RegistryFault.UnknownVersion
            or RegistryFault.Archived or RegistryFault.RolloutChanged)
        {
            return new($"{e.Fault}", who, request.Number, 0, "");
        }
    }

    // What a server said last is there, whoever else reports. Nothing is kept before there are tables.
    private Acknowledged Report(string who)
    {
        if (registry.Environments(TaxiModel.Name).Count == 0)
            return new("NoReport", who, 0, 0, "");
        registry.Report(TaxiModel.Name, Environment, $"server-{worker}", who);
        Assert.Equal(
            who,
            registry.Reports(TaxiModel.Name, Environment).SingleOrDefault(report =>
                report.Server == $"server-{worker}")?.Content);
        return new("Reported", who, 0, 0, "");
    }

    private Acknowledged Annotate(string who)
    {
        // Few versions, so that what one says is often said or taken back by another.
        var number = 1 + _random.Below(Math.Min(_highestNumber, SharedModels));
        Annotation annotation = _random.Below(5) switch
        {
            0 => new Annotation.Note(who),
            1 => new Annotation.Tag($"tag-{_random.Below(Tags)}"),
            2 => new Annotation.Untag($"tag-{_random.Below(Tags)}"),
            3 => new Annotation.Archive(who),
            _ => new Annotation.Unarchive(who),
        };
        try
        {
            return registry.Annotate(TaxiModel.On(number, annotation) with { Who = who }) is
                Registry.Annotated.Changed { Entry: var entry }
                ? new(Annotated, who, number, entry.Position, Kind(annotation))
                : new("Said", who, number, 0, Kind(annotation));
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.StillServing or RegistryFault.UnknownVersion)
        {
            return new($"{e.Fault}", who, number, 0, "");
        }
    }

    /// <summary>A word for what was said.</summary>
    public static string Kind(Annotation annotation) => annotation switch
    {
        Annotation.Tag tag => $"Tag:{tag.Name}",
        Annotation.Untag tag => $"Untag:{tag.Name}",
        _ => annotation.GetType().Name,
    };

    private Acknowledged Read(string who)
    {
        var number = 1 + _random.Below(_highestNumber);
        try
        {
            var history = registry.EvidenceHistory(TaxiModel.Name, number);
            Assert.Equal(Enumerable.Range(1, history.Count), history.Select(entry => entry.Number));
            Assert.InRange(registry.Find(TaxiModel.Name, number).EvidenceNumber, history.Count, int.MaxValue);
            return new("Read", who, number, history.Count, "");
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.UnknownVersion)
        {
            return new($"{e.Fault}", who, number, 0, "");
        }
    }
}

/// <summary>What a process said that it had done.</summary>
/// <param name="Number">The version.</param>
/// <param name="Position">Of the evidence, in the history of deployments, or in the log of annotations.</param>
/// <param name="More">A model's hash, the version that served before, or what was said; empty for none.</param>
internal sealed record Acknowledged(string What, string Who, int Number, int Position, string More)
{
    /// <summary>Whether it made an entry in the history.</summary>
    public bool IsChange =>
        What is nameof(Registered.New) or nameof(Registered.Reevaluated) or MixedWork.Deployed or MixedWork.Annotated
            or MixedWork.RolledOut;

    public string ToLine() => FormattableString.Invariant($"{What} {Who} {Number} {Position} {More}");

    /// <summary>Reads a line, which is whole also if its writer was killed: a pipe takes it at once.</summary>
    public static Acknowledged Parse(string line) =>
        line.Split(' ') is [var what, var who, var number, var position, var more]
            ? new(
                what, who, int.Parse(number, CultureInfo.InvariantCulture),
                int.Parse(position, CultureInfo.InvariantCulture), more)
            : throw new FormatException($"A process said '{line}'.");
}
