using MLBuild.Learning.Drift;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers all that is told of the challenger by the rows that it is judged by, as they stream by.</summary>
/// <remarks>Memory does not grow with the rows of a regression. Of classes, whatever depends on the order of all scores
/// keeps 8 bytes a row: of all rows for the metrics and curves of challenger and champion, and once more for each
/// declared group; not for pairs of them.</remarks>
internal sealed class HoldOutScores
{
    private readonly TaskEvaluation _evaluation;
    private readonly ComparableChampion _champion;
    private readonly BestCandidates _best;
    private readonly RivalScorer? _championScorer;
    private readonly RivalScorer?[] _bestScorers;
    private readonly SliceScores _overall;
    private readonly RivalScores[] _bestScores;
    private readonly BaselineScores _baseline;
    private readonly GroupScores _groups;
    private readonly SubgroupSearch _subgroups;
    private readonly PredictionProfile _profile;
    private readonly TaskFigures _figures;

    /// <param name="champion">The model beside it.</param>
    /// <param name="best">Those that served, one of which is the best.</param>
    /// <param name="constant">Of the training rows.</param>
    /// <param name="groups">The names of the declared groups.</param>
    /// <param name="training">The profile of each feature.</param>
    /// <param name="intervals">How intervals of few rows are drawn.</param>
    /// <param name="figures">What the page draws.</param>
    public HoldOutScores(
        TaskEvaluation evaluation, ComparableChampion champion, BestCandidates best, TrainingConstant constant,
        IReadOnlyList<string> groups, IReadOnlyList<FeatureProfile> training, BootstrapOptions intervals,
        TaskFigures figures)
    {
        (_evaluation, _champion, _best, _figures) = (evaluation, champion, best, figures);
        _championScorer = champion.Version is { } version ? new(version) : null;
        // The champion's scores are there already.
        _bestScorers =
        [
            .. best.Models.Select(one => one.Version == champion.Version ? null : new RivalScorer(one.Version)),
        ];
        _bestScores = [.. best.Models.Select(_ => new RivalScores(evaluation, MetricDepth.Loss))];
        _overall = Slice(MetricDepth.Full, MetricDepth.Full);
        _groups = new(
            groups, () => Slice(MetricDepth.Full, MetricDepth.Loss),
            () => Slice(MetricDepth.Streamed, MetricDepth.Loss));
        _baseline = new(evaluation, constant);
        _subgroups = new(training);
        _profile = PredictionProfile.Of(evaluation.Task);

        SliceScores Slice(MetricDepth ofChallenger, MetricDepth ofChampion) => new(
            evaluation.NewMetrics(ofChallenger, intervals),
            champion.Version is null ? null : new(evaluation, ofChampion));
    }

    /// <param name="batch">Rows of the hold-out.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="challenger">Its scores for the row.</param>
    public void Add(FeatureTableBatch batch, int row, ReadOnlySpan<float> features, ReadOnlySpan<double> challenger)
    {
        var (label, loss) = (batch.Labels[row], _evaluation.Loss);
        var champion = _championScorer is { } scorer ? scorer.Score(features) : default;
        var scored = new ScoredRow(
            label, challenger, loss.Of(label, challenger), champion,
            champion.IsEmpty ? double.NaN : loss.Of(label, champion));
        _overall.Add(scored);
        for (var i = 0; i < _bestScores.Length; i++)
        {
            var rival = _bestScorers[i] is { } other ? other.Score(features) : champion;
            _bestScores[i].Add(scored, rival, loss.Of(label, rival));
        }
        _figures.Add(scored);
        _baseline.Add(label, scored.ChallengerLoss);
        _groups.Add(batch.Groups, row, scored);
        _subgroups.Add(features, scored.ChallengerLoss);
        _profile.Add(challenger);
    }

    public BaselineReport Baseline => _baseline.Report();

    /// <summary>How the classes are told apart; null where there are none.</summary>
    public ClassFindings? Classes => _overall.Classes;

    public IReadOnlyList<FeatureProfile> Profile() => _profile.Build();

    /// <summary>Pairs of groups that have too many combinations to be measured.</summary>
    public string[] PairsNotMeasured => _groups.TooMany;

    private BestEverReport BestEver()
    {
        if (_best.Models is [])
            return new("none", _best.Served, _best.Why, null, null);
        var (name, note, metrics, difference) = _best.Models
            .Zip(_bestScores, (model, scores) =>
                (model.Name, model.Version.Features.Note, scores.Metrics, scores.Difference))
            .MinBy(one => one.Metrics.Loss is MetricValue.Value { Number: var loss } ? loss : double.PositiveInfinity);
        return new(
            name, _best.Served,
            (_best.Served == 1
                ? $"{name} is the best version ever: no other served."
                : $"{name} is the best of the {_best.Served} versions that served.") + note,
            metrics, difference);
    }

    public Measurements Measured(HoldOutProof proof, TrainedGroups trained) => new(
        _champion.State, _best.State, BestEver(), proof, _overall.Report("all rows"), _groups.Slices(),
        _groups.Pairs(NonInferiority.RowsForABound), _baseline.Comparison, _subgroups.Complete(), trained);
}
