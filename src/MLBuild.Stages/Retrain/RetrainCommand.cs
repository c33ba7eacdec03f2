using MLBuild.Engine.Running;
using MLBuild.Learning.Retraining;
using MLBuild.Registry;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Validate;
using MLBuild.Store;

namespace MLBuild.Stages.Retrain;

/// <summary>Trains a model anew when monitoring says so, and makes what comes of it serve. All that it knows is in the
/// registry and in the store: the same command again goes on where this one was interrupted, and does nothing
/// twice.</summary>
/// <param name="say">Gets a line when something is begun.</param>
public sealed class RetrainCommand(IModelRegistry registry, TimeProvider clock, Action<string> say)
{
    /// <param name="report">What monitoring found in this run.</param>
    /// <returns>How it ended, in a sentence.</returns>
    /// <exception cref="RetrainException">The data is bad, or another version serves than monitoring looked
    /// at.</exception>
    /// <exception cref="StageFailedException">A stage failed, or the gate did not pass.</exception>
    public async Task<string> RunAsync(RetrainOptions options, MonitorReport report, RetrainSteps steps)
    {
        options.Limits.Validate();
        var versions = RetrainedVersions.Of(registry, options.Model, options.Environment);
        if (versions.Serving != report.Version)
            throw new RetrainException($"Monitor looked at version {report.Version}, and "
                + $"{(versions.Serving is { } now ? $"version {now}" : "no version")} serves in "
                + $"'{options.Environment}' now: it was deployed meanwhile. Run ./build.sh Retrain again.");
        var decision = RetrainDecision.Of(
            report.Verdict, versions.Past, versions.RolledOut, clock.GetUtcNow(), options.Limits);
        var line = RetrainText.Line(decision, report, options);
        switch (decision)
        {
            case RetrainDecision.BadData:
                throw new RetrainException(line);
            case RetrainDecision.Continue go:
                say(line);
                return await DeployAsync(go.Begun.Version, versions, options, steps);
            case RetrainDecision.Retrain:
                say(line);
                return await LearnAsync(versions, options, report, steps);
            default:
                return line;
        }
    }

    private async Task<string> LearnAsync(
        RetrainedVersions versions, RetrainOptions options, MonitorReport report, RetrainSteps steps)
    {
        try
        {
            steps.Validate();
        }
        catch (StageFailedException e) when (IsCausedBy<BrokenContractException>(e))
        {
            throw new RetrainException($"{RetrainText.BadData} {e.Message}", e);
        }
        var model = steps.Train();
        var known = versions.With(model);
        var fate = known is null ? (VersionFate?)null : versions.FateOf(known);
        switch (TrainedDecisions.Of(fate))
        {
            case TrainedDecision.Serves:
                return RetrainText.Serves(known!.Number, report);
            case TrainedDecision.AlreadyTried:
                return RetrainText.AlreadyTried(known!.Number, fate!.Value, report);
        }
        try
        {
            steps.Register();
        }
        catch (StageFailedException e) when (IsCausedBy<GateException>(e))
        {
            var failed = Registered(model, options);
            if (!Mark(failed, options, report) && failed.EvidenceNumber == known?.EvidenceNumber)
                return RetrainText.AlreadyTried(failed.Number, VersionFate.GateNotPassed, report);
            throw;
        }
        var version = Registered(model, options);
        Mark(version, options, report);
        return await DeployAsync(version.Number, versions, options, steps);
    }

    private static async Task<string> DeployAsync(
        int version, RetrainedVersions versions, RetrainOptions options, RetrainSteps steps) =>
        steps.Deploy is { } deploy
            ? await deploy(version)
            : RetrainText.Waits(version, versions.RolledOut == version, options);

    private ModelVersion Registered(ContentHash model, RetrainOptions options) =>
        registry.Versions(options.Model).First(version => version.ModelHash == model);

    // The tag makes it a retraining that counts, so it comes last: a note alone is written again in the same words.
    /// <returns>False where it was marked before.</returns>
    private bool Mark(ModelVersion version, RetrainOptions options, MonitorReport report)
    {
        var tag = RetrainedVersions.TagOf(options.Environment);
        if (!VersionMarks.Of(registry.Annotations(options.Model), version.Number).Lack(tag))
            return false;
        Annotate(new Annotation.Note(RetrainText.Note(report, options)));
        Annotate(tag);
        return true;

        void Annotate(Annotation annotation) =>
            registry.Annotate(new(options.Model, version.Number, annotation, options.Who));
    }

    private static bool IsCausedBy<TException>(Exception e)
        where TException : Exception =>
        e is TException || (e.InnerException is { } inner && IsCausedBy<TException>(inner));
}

/// <summary>Nothing was learned, for a reason that somebody has to look at.</summary>
public sealed class RetrainException(string message, Exception? inner = null) : Exception(message, inner);
