using MLBuild.Learning.Rollouts;
using MLBuild.Nuke;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Rollouts;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

/// <summary>How a version comes to serve, and how it goes.</summary>
partial class Build
{
    [Parameter("Why a version is deployed although its gate did not pass; kept for ever")]
    readonly string? ForceBecause;
    [Parameter("How a version takes the place of the one that serves: direct, canary, blue-green or shadow; Retrain " +
        "knows none, too, and takes canary where nothing is said", ValueProviderMember = nameof(Strategies))]
    readonly string? Strategy;
    static IEnumerable<string> Strategies => [.. DeployStrategy.All, RetrainStrategy.None];
    [Parameter("Parts of the requests that a canary gets, one after the other, in percent")]
    readonly int[] CanarySteps = [5, 25, 50, 100];
    [Parameter("Requests of a canary in each step before anything is decided")] readonly int CanaryRequests = 200;
    [Parameter("How much larger a canary's share of failed requests may be than that of what serves: 0.02 is 2 %")]
    readonly double CanaryErrorIncrease = 0.02;
    [Parameter("The part of a canary's answers that may take longer than 95 % of those of what serves")]
    readonly double CanarySlowShare = 0.15;
    [Parameter("Answers of a canary that take no longer, in milliseconds, are never slow")]
    readonly double CanaryNeverSlowMilliseconds = 5;
    [Parameter("The largest distance between the distributions of a canary's scores and of those of what serves")]
    readonly double CanaryScoreDistance = 0.2;
    [Parameter("What the requests of a canary turned out to be, to judge it by too, with --prediction-log: files as " +
        "those of --data, folders or globs")]
    readonly AbsolutePath[] CanaryLabels = [];
    [Parameter("Rows with labels of a canary in each step, and of what serves, before they decide anything")]
    readonly int CanaryLabelled = 100;
    [Parameter("How much larger a canary's mean loss may be than that of what serves: 0.1 is 10 % of it")]
    readonly double CanaryLossIncrease = 0.1;
    [Parameter("Minutes for which Deploy waits while nothing changes, before it leaves a rollout as it is")]
    readonly double PatienceMinutes = 60;

    RolloutOptions RolloutOptions => new()
    {
        Canary = new()
        {
            Steps = CanarySteps,
            MinRequests = CanaryRequests,
            MaxErrorIncrease = CanaryErrorIncrease,
            MaxSlowShare = CanarySlowShare,
            NeverSlowMilliseconds = CanaryNeverSlowMilliseconds,
            MaxScoreDistance = CanaryScoreDistance,
            MinLabelled = CanaryLabelled,
            MaxLossIncrease = CanaryLossIncrease,
        },
        Patience = TimeSpan.FromMinutes(PatienceMinutes),
    };

    static void Say(string line) => Log.Information("{Line:l}", line);

    Target Deploy => _ => _
        .Description("Makes a version serve (--model-version N; --strategy canary, blue-green or shadow; " +
            "--force-because \"…\" if its gate did not pass)")
        .Requires(() => ModelVersion)
        .Executes(async () => Log.Information("{Done:l}",
            await MakeServe(new(ModelName, ModelVersion!.Value, ServingEnvironment, Who, ForceBecause),
                Strategy ?? DeployStrategy.Direct)));

    async Task<string> MakeServe(DeployOptions deployment, string strategy) =>
        DeployStrategy.Parse(strategy, areLabelsNamed: CanaryLabels is not []) is { } rollout
            ? await new RolloutCommand(Registry, Stored, TimeProvider.System, Say, CanaryEvidence)
                .RunAsync(deployment, RolloutOptions with { Strategy = rollout }, CancellationToken.None)
            : DeployCommand.Run(Registry, Stored, deployment);

    Target Promote => _ => _
        .Description("Lets the candidate of a rollout serve now (--because \"…\"; --force-because \"…\" if its gate " +
            "does not pass any more)")
        .Requires(() => ((IKeepStore)this).Because)
        .Executes(() => Log.Information("{Done:l}",
            RolloutDecision.Promote(Registry, ModelName, ServingEnvironment, Who, Reason!, ForceBecause)));

    Target Rollback => _ => _
        .Description("Ends a rollout, or deploys again what served before; again goes further back (--because \"…\")")
        .Requires(() => ((IKeepStore)this).Because)
        .Executes(() => Log.Information("{Done:l}",
            RolloutDecision.Rollback(Registry, Stored, ModelName, ServingEnvironment, Who, Reason!)));

    Target Status => _ => _
        .Description("Says what serves, what is being rolled out, and what each server says")
        .Executes(() => Print(
            StatusText.Lines(Registry, ModelName, ServingEnvironment, TimeProvider.System.GetUtcNow(),
                ConsolePage.OfThisConsole())));
}
