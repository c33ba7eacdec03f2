using MLBuild.Learning.Drift;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers all that is told of the challenger by the rows that it is judged by, as they stream by.</summary>
/// <param name="champion">The model beside it.</param>
/// <param name="best">Those that served, one of which is the best.</param>
/// <param name="meanLabel">Of the training rows.</param>
/// <param name="groups">The names of the declared groups.</param>
/// <param name="training">The profile of each feature.</param>
/// <param name="intervals">How intervals of few rows are drawn.</param>
internal sealed class HoldOutScores(
    ComparableChampion champion, BestCandidates best, MetricValue meanLabel, IReadOnlyList<string> groups,
    IReadOnlyList<FeatureProfile> training, BootstrapOptions intervals, RegressionDiagnosticsBuilder plots)
{
    private readonly SliceScores _overall = new(champion.Model is not null, intervals);
    private readonly RivalScores[] _best = [.. best.Models.Select(_ => new RivalScores())];
    private readonly BaselineScores _baseline = new(meanLabel);
    private readonly GroupScores _groups = new(groups, () => new(champion.Model is not null, intervals));
    private readonly SubgroupSearch _subgroups = new(training);
    private readonly NumericProfileBuilder _scores = new("prediction", FeatureRole.Prediction, new());

    /// <param name="batch">Rows of the hold-out.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="challenger">Its score for the row.</param>
    public void Add(FeatureTableBatch batch, int row, ReadOnlySpan<float> features, float challenger)
    {
        var actual = batch.Labels[row];
        double? other = champion.Model?.Score(features);
        _overall.Add(actual, challenger, other);
        for (var i = 0; i < _best.Length; i++)
        {
            var model = best.Models[i].Model;
            _best[i].Add(actual, challenger, model == champion.Model ? other!.Value : model.Score(features));
        }
        plots.Add(actual, challenger);
        _baseline.Add(actual, challenger);
        _groups.Add(batch.Groups, row, actual, challenger, other);
        _subgroups.Add(features, SquaredError.Of(challenger, actual));
        _scores.Add(challenger);
    }

    public BaselineReport Baseline => _baseline.Report();

    public RegressionDiagnostics Plots() => plots.Build();

    public NumericProfile Scores() => _scores.Build();

    /// <summary>Pairs of groups that have too many combinations to be measured.</summary>
    public string[] PairsNotMeasured => _groups.TooMany;

    private BestEverReport BestEver()
    {
        if (best.Models is [])
            return new("none", best.Served, best.Why, null, null);
        var (name, scores) = best.Models.Zip(_best, (model, scores) => (model.Name, scores))
            .MinBy(one => one.scores.Metrics.Rmse is MetricValue.Value { Number: var rmse }
                ? rmse
                : double.PositiveInfinity);
        return new(
            name, best.Served,
            best.Served == 1
                ? $"{name} is the best version ever: no other served."
                : $"{name} is the best of the {best.Served} versions that served.",
            scores.Metrics, scores.Difference);
    }

    public Measurements Measured(HoldOutProof proof) => new(
        champion.State, best.State, BestEver(), proof, _overall.Report("all rows"), _groups.Slices(),
        _groups.Pairs(NonInferiority.RowsForABound), _baseline.Comparison, _subgroups.Complete());
}
