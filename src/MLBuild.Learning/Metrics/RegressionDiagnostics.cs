using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>What plots of a regression are drawn from: counts and quantiles of bounded size, whatever the number of
/// rows.</summary>
/// <param name="ByPrediction">From the least predictions to the largest.</param>
public sealed record RegressionDiagnostics(
    DensityGrid PredictedAgainstActual, ErrorHistogram Errors, IReadOnlyList<PredictionBin> ByPrediction);

/// <summary>How many rows have a predicted and an actual value in each of the squares of a grid.</summary>
/// <param name="Low">Where both axes begin, in the unit of the target.</param>
/// <param name="High">Where they end.</param>
/// <param name="Size">Squares along each axis.</param>
/// <param name="Counts">Row after row of the grid: all squares of the least predictions come first.</param>
/// <param name="Outside">Rows beyond an end of an axis.</param>
public sealed record DensityGrid(double Low, double High, int Size, IReadOnlyList<long> Counts, long Outside)
{
    public long At(int predicted, int actual) => Counts[(predicted * Size) + actual];
}

/// <summary>How many rows have an error, predicted − actual, in each bin of equal width.</summary>
/// <param name="Low">Where the first bin begins, in the unit of the target.</param>
/// <param name="High">Where the last one ends.</param>
public sealed record ErrorHistogram(double Low, double High, IReadOnlyList<long> Counts, long Below, long Above);

/// <summary>The rows whose predictions are between two quantiles.</summary>
/// <param name="MeanPredicted">In the unit of the target, as all that follows.</param>
/// <param name="Actual">The mean of the actual values with its interval: where it leaves the mean prediction out, the
/// model is not calibrated there.</param>
/// <param name="Errors">The 5 %, 25 %, 50 %, 75 % and 95 % quantiles of predicted − actual, about: those of a
/// sketch.</param>
public sealed record PredictionBin(
    long Rows, double MeanPredicted, MeanInterval Actual, IReadOnlyList<double> Errors);

/// <summary>Computes <see cref="RegressionDiagnostics"/> from a stream of rows, in constant memory. Rows that are not
/// finite are left out; the metrics say how many there are.</summary>
public sealed class RegressionDiagnosticsBuilder
{
    /// <summary>Squares along each axis of the grid.</summary>
    public const int GridSize = 48;

    /// <summary>Bins of errors.</summary>
    public const int ErrorBins = 61;

    /// <summary>Most bins of predictions.</summary>
    public const int PredictionBins = 20;

    private readonly (double Low, double High) _axis;
    private readonly double _reach;
    private readonly double[] _edges;
    private readonly long[] _grid = new long[GridSize * GridSize];
    private readonly long[] _errors = new long[ErrorBins];
    private readonly Bin[] _bins;
    private long _outside;
    private long _below;
    private long _above;

    /// <summary>Takes the axes from a sample of the rows: the outermost half per cent at each end of the values, and
    /// the outermost hundredth of the errors, are beyond them.</summary>
    /// <param name="sample">Some of the rows.</param>
    public RegressionDiagnosticsBuilder(IEnumerable<(double Actual, double Predicted)> sample)
    {
        var rows = sample.Where(row => double.IsFinite(row.Actual) && double.IsFinite(row.Predicted)).ToArray();
        var predicted = Sorted(row => row.Predicted);
        var actual = Sorted(row => row.Actual);
        _axis = (
            Math.Min(At(predicted, 0.005), At(actual, 0.005)), Math.Max(At(predicted, 0.995), At(actual, 0.995)));
        if (!(_axis.High > _axis.Low))
            _axis = (_axis.Low - 0.5, _axis.Low + 0.5);
        _reach = At(Sorted(row => Math.Abs(row.Predicted - row.Actual)), 0.99);
        if (!(_reach > 0))
            _reach = 0.5;
        _edges =
        [
            .. Enumerable.Range(1, PredictionBins - 1).Select(i => At(predicted, (double)i / PredictionBins))
                .Distinct(),
        ];
        _bins = [.. Enumerable.Range(0, _edges.Length + 1).Select(_ => new Bin())];

        double[] Sorted(Func<(double Actual, double Predicted), double> of) => [.. rows.Select(of).Order()];

        static double At(double[] sorted, double share) =>
            sorted is [] ? 0 : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    public void Add(double actual, double predicted)
    {
        var error = predicted - actual;
        if (!double.IsFinite(error))
            return;
        var (column, row) = (Place(predicted, _axis, GridSize), Place(actual, _axis, GridSize));
        if (column is { } x && row is { } y)
            _grid[(x * GridSize) + y]++;
        else
            _outside++;
        if (Place(error, (-_reach, _reach), ErrorBins) is { } bin)
            _errors[bin]++;
        else if (error < 0)
            _below++;
        else
            _above++;
        var found = Array.BinarySearch(_edges, predicted);
        _bins[found < 0 ? ~found : found].Add(actual, predicted);
    }

    public RegressionDiagnostics Build() => new(
        new(_axis.Low, _axis.High, GridSize, [.. _grid], _outside),
        new(-_reach, _reach, [.. _errors], _below, _above),
        [.. _bins.Where(bin => bin.Rows > 0).Select(bin => bin.Build())]);

    private static int? Place(double value, (double Low, double High) axis, int bins) =>
        value < axis.Low || value > axis.High
            ? null
            : Math.Min(bins - 1, (int)((value - axis.Low) / (axis.High - axis.Low) * bins));

    private sealed class Bin
    {
        private readonly RunningMoments _predicted = new();
        private readonly MeanIntervalAccumulator _actual = new();
        private readonly QuantileSketch _errors = new();

        public long Rows => _predicted.Count;

        public void Add(double actual, double predicted)
        {
            _predicted.Add(predicted);
            _actual.Add(actual);
            _errors.Add(predicted - actual, times: 1);
        }

        public PredictionBin Build() => new(
            Rows, _predicted.Mean, _actual.ToInterval(), _errors.Quantiles(0.05, 0.25, 0.5, 0.75, 0.95));
    }
}
