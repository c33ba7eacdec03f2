using MLBuild.Learning.Models;
using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Rollouts;
using Nuke.Common;
using Nuke.Common.IO;

namespace MLBuild.Components;

/// <summary>How a version comes to serve, and how it goes. A build gets these targets, with those that keep versions
/// and those that serve them, by naming this component.</summary>
public interface IDeployModel : IKeepVersions, IServeModel
{
    [Parameter("Why a version is deployed although its gate did not pass; kept for ever")]
    string? ForceBecause => TryGetValue(() => ForceBecause);

    [Parameter("How a version takes the place of the one that serves: direct, canary, blue-green or shadow; Retrain " +
        "knows none, too, and takes canary where nothing is said", ValueProviderMember = nameof(Strategies))]
    string? Strategy => TryGetValue(() => Strategy);

    [Parameter("Parts of the requests that a canary gets, one after the other, in percent")]
    int[]? CanarySteps => TryGetValue(() => CanarySteps);

    [Parameter("Requests of a canary in each step before anything is decided")]
    int? CanaryRequests => TryGetValue<int?>(() => CanaryRequests);

    [Parameter("How much larger a canary's share of failed requests may be than that of what serves: 0.02 is 2 %")]
    double? CanaryErrorIncrease => TryGetValue<double?>(() => CanaryErrorIncrease);

    [Parameter("The part of a canary's answers that may take longer than 95 % of those of what serves")]
    double? CanarySlowShare => TryGetValue<double?>(() => CanarySlowShare);

    [Parameter("Answers of a canary that take no longer, in milliseconds, are never slow")]
    double? CanaryNeverSlowMilliseconds => TryGetValue<double?>(() => CanaryNeverSlowMilliseconds);

    [Parameter("The largest distance between the distributions of a canary's scores and of those of what serves")]
    double? CanaryScoreDistance => TryGetValue<double?>(() => CanaryScoreDistance);

    [Parameter("What the requests of a canary turned out to be, to judge it by too, with --prediction-log: files as " +
        "those of --data, folders or globs")]
    AbsolutePath[] CanaryLabels => TryGetValue(() => CanaryLabels) ?? [];

    [Parameter("Rows with labels of a canary in each step, and of what serves, before they decide anything")]
    int? CanaryLabelled => TryGetValue<int?>(() => CanaryLabelled);

    [Parameter("How much larger a canary's mean loss may be than that of what serves: 0.1 is 10 % of it")]
    double? CanaryLossIncrease => TryGetValue<double?>(() => CanaryLossIncrease);

    [Parameter("Minutes for which Deploy waits while nothing changes, before it leaves a rollout as it is")]
    double? PatienceMinutes => TryGetValue<double?>(() => PatienceMinutes);

    /// <summary>What a rollout demands where the command line says nothing else.</summary>
    RolloutOptions UsualRollout => new();

    /// <summary>What this rollout demands: <see cref="UsualRollout"/>, and what the command line says.</summary>
    RolloutOptions Rollout => UsualRollout with
    {
        Canary = UsualRollout.Canary with
        {
            Steps = CanarySteps ?? UsualRollout.Canary.Steps,
            MinRequests = CanaryRequests ?? UsualRollout.Canary.MinRequests,
            MaxErrorIncrease = CanaryErrorIncrease ?? UsualRollout.Canary.MaxErrorIncrease,
            MaxSlowShare = CanarySlowShare ?? UsualRollout.Canary.MaxSlowShare,
            NeverSlowMilliseconds = CanaryNeverSlowMilliseconds ?? UsualRollout.Canary.NeverSlowMilliseconds,
            MaxScoreDistance = CanaryScoreDistance ?? UsualRollout.Canary.MaxScoreDistance,
            MinLabelled = CanaryLabelled ?? UsualRollout.Canary.MinLabelled,
            MaxLossIncrease = CanaryLossIncrease ?? UsualRollout.Canary.MaxLossIncrease,
        },
        Patience = PatienceMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : UsualRollout.Patience,
    };

    /// <summary>What the requests of a canary turned out to be; null where nobody named --canary-labels. Who can tell
    /// is the model: <c>EvidenceFor(Model)</c>, which <see cref="IMonitorModel{TRow}"/> says by itself.</summary>
    /// <exception cref="RolloutException">Somebody named them, and the build does not say of which model.</exception>
    IArrivingLabels? CanaryEvidence => CanaryLabels is [] ? null : throw new RolloutException(
        "--canary-labels are named, and this build does not say what model they are the labels of. Declare it in the " +
        "build class: IArrivingLabels? IDeployModel.CanaryEvidence => EvidenceFor(…), with the model's definition.");

    /// <summary>The rows of --canary-labels, as labels of what the model predicted; null where nobody named
    /// them.</summary>
    IArrivingLabels? EvidenceFor<TRow>(ModelDefinition<TRow> model)
        where TRow : class, new() => CanaryLabels is [] ? null : ArrivingLabels<TRow>.Of(
            model, PredictionLog, [.. CanaryLabels.Select(path => path.ToString())], Say);

    Target Deploy => _ => _
        .Description("Makes a version serve (--model-version N; --strategy canary, blue-green or shadow; " +
            "--force-because \"…\" if its gate did not pass)")
        .Requires(() => ModelVersion)
        .Executes(async () => Say(await MakeServe(
            new(ModelName, ModelVersion!.Value, ServingEnvironment, Who, ForceBecause),
            Strategy ?? DeployStrategy.Direct)));

    Target Promote => _ => _
        .Description("Lets the candidate of a rollout serve now (--because \"…\"; --force-because \"…\" if its gate " +
            "does not pass any more)")
        .Requires(() => Because)
        .Executes(() => Say(
            RolloutDecision.Promote(Registry, ModelName, ServingEnvironment, Who, Because!, ForceBecause)));

    Target Rollback => _ => _
        .Description("Ends a rollout, or deploys again what served before; again goes further back (--because \"…\")")
        .Requires(() => Because)
        .Executes(() => Say(
            RolloutDecision.Rollback(Registry, Stored, ModelName, ServingEnvironment, Who, Because!)));

    Target Status => _ => _
        .Description("Says what serves, what is being rolled out, and what each server says")
        .Executes(() => ConsolePage.Print(
            StatusText.Lines(Registry, ModelName, ServingEnvironment, TimeProvider.System.GetUtcNow(),
                ConsolePage.OfThisConsole())));

    /// <summary>Strategies as shells complete them.</summary>
    private static IEnumerable<string> Strategies => [.. DeployStrategy.All, RetrainStrategy.None];

    /// <summary>Demands what <see cref="MakeServe"/> does of the command line, before there is anything to
    /// deploy.</summary>
    /// <exception cref="RolloutException">Labels are named, and the strategy is judged by none, or nobody can say what
    /// they are of.</exception>
    internal void DemandDeployable(string strategy)
    {
        _ = StrategyOf(strategy);
        _ = CanaryEvidence;
    }

    private RolloutStrategy? StrategyOf(string text) =>
        DeployStrategy.Parse(text, areLabelsNamed: CanaryLabels is not []);

    internal async Task<string> MakeServe(DeployOptions deployment, string strategy) =>
        StrategyOf(strategy) is { } rollout
            ? await new RolloutCommand(Registry, Stored, TimeProvider.System, Say, CanaryEvidence)
                .RunAsync(deployment, Rollout with { Strategy = rollout }, CancellationToken.None)
            : DeployCommand.Run(Registry, Stored, deployment);
}
