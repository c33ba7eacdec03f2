using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>Builds the profile of a feature of numbers from a stream, in bounded memory. Counts of rows, range, mean
/// and standard deviation are of all rows; edges and bin counts of a deterministic sample once there are more than
/// fit.</summary>
public sealed class NumericProfileBuilder
{
    private readonly string _name;
    private readonly FeatureRole _role;
    private readonly ProfileOptions _options;
    private readonly RowSample<double?> _sample;
    private readonly RunningMoments _moments = new();
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private readonly FrequentWords _words = new();
    private long _nullCount;
    private long _nonFiniteCount;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NumericProfileBuilder(string name, FeatureRole role, ProfileOptions options)
    {
        options.Validate();
        _name = name;
        _role = role;
        _options = options;
        _sample = new(options.SampleRows);
    }

    public void Add(double? value)
    {
        _sample.Add(value);
        if (value is not { } number)
        {
            _nullCount++;
        }
        else if (!double.IsFinite(number))
        {
            _nonFiniteCount++;
        }
        else
        {
            _moments.Add(number);
            _min = Math.Min(_min, number);
            _max = Math.Max(_max, number);
        }
    }

    /// <summary>The name of the text whose words count in the feature; null, the default, where none do.</summary>
    public string? Text { get; init; }

    /// <summary>Counts a row that has the word.</summary>
    public void AddWord(string word) => _words.Add(word);

    /// <summary>The profile of the rows added so far.</summary>
    public NumericProfile Build()
    {
        double[] toChoose = [.. _sample.ToChooseBins.OfType<double>().Where(double.IsFinite)];
        var edges = QuantileEdges.From(toChoose, _options.Bins);
        var grid = QuantileEdges.From(toChoose, NumericGrid.Cells);
        var counts = new long[NumericProfile.CountBins(edges)];
        var cells = new long[NumericGrid.CountCells(grid)];
        foreach (var value in _sample.ToCount)
        {
            counts[NumericProfile.BinOf(value, edges)]++;
            if (value is { } number && double.IsFinite(number))
                cells[NumericProfile.BinOf(number, grid)]++;
        }
        return new()
        {
            Name = _name,
            Role = _role,
            RowCount = _moments.Count + _nullCount + _nonFiniteCount,
            NullCount = _nullCount,
            NonFiniteCount = _nonFiniteCount,
            Min = OfFinite(_min),
            Max = OfFinite(_max),
            Mean = OfFinite(_moments.Mean),
            StandardDeviation = OfFinite(Math.Sqrt(_moments.Variance)),
            Edges = edges,
            BinCounts = [.. counts],
            GridEdges = grid,
            GridCounts = [.. cells],
            ChanceWasserstein = NumericGrid.ChanceArea(cells, grid),
            Words = Text is null ? null : new(Text, _words.Most),
        };
    }

    private MetricValue OfFinite(double number) => _moments.Count == 0
        ? new MetricValue.Missing("no row has a finite value")
        : MetricValue.Of(number);
}
