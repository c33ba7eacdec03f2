using System.Collections.Immutable;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Monitoring;

/// <summary>How large a model's errors were on held-out rows: over all of them, which measured errors of a window are
/// compared with, and by what it predicted, from which those of rows without labels are estimated.</summary>
/// <param name="Errors">Of all held-out rows.</param>
/// <param name="Edges">The ends of the bins of predictions, upwards: those of <see cref="PredictionError.Level"/> up to
/// the first are in the first bin, those above the last in the last.</param>
/// <param name="Bins">The errors in each bin, of a sample where there are many rows. One more than edges.</param>
public sealed record ErrorProfile(
    LearningTaskKind Task, SumTally Errors, ImmutableArray<double> Edges, ImmutableArray<SumTally> Bins)
{
    public int BinOf(double level)
    {
        var (low, high) = (0, Edges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Edges[middle] < level)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

/// <summary>Builds the profile of errors of held-out rows as they stream by, in bounded memory.</summary>
public sealed class ErrorProfileBuilder(LearningTaskKind task)
{
    // Twenty bins of a few thousand rows each know their mean error to a few percent.
    private const int Bins = 20;
    private const int SampleRows = 200_000;

    private readonly SumCounter _errors = new();
    private readonly RowSample<KeyValuePair<double, double>> _sample = new(SampleRows);

    public void Add(double label, ReadOnlySpan<double> scores)
    {
        var (level, error) = (PredictionError.Level(task, scores), PredictionError.Of(task, label, scores));
        _errors.Add(error);
        if (double.IsFinite(level) && double.IsFinite(error))
            _sample.Add(new(level, error));
    }

    public ErrorProfile Build()
    {
        // The least value is no end of a bin: what lies below it is in the first one too.
        var edges = QuantileEdges.From(_sample.ToChooseBins.Select(row => row.Key), Bins).Skip(1).SkipLast(1)
            .ToImmutableArray();
        var profile = new ErrorProfile(task, _errors.ToTally(), edges, []);
        var bins = Enumerable.Range(0, edges.Length + 1).Select(_ => new SumCounter()).ToArray();
        foreach (var row in _sample.ToCount)
            bins[profile.BinOf(row.Key)].Add(row.Value);
        return profile with { Bins = [.. bins.Select(bin => bin.ToTally())] };
    }
}
