using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>The statistics of one feature, before it is known how many others were tested with it.</summary>
internal sealed class FeatureComparison
{
    private readonly BinCounter _counter;
    private readonly long _n;
    private readonly long _m;
    private readonly PooledBins _bins;
    private readonly ChiSquareResult _chiSquare;

    public FeatureComparison(BinCounter counter, DriftOptions options)
    {
        _counter = counter;
        _n = counter.ReferenceRows;
        _m = counter.CurrentRows;
        _bins = PooledBins.From(counter.Reference.BinCounts.AsSpan(), counter.Counts, _n, _m, areTooMany: bins =>
            counter is CategoricalBinCounter && PsiNull.Quantile95(bins, _n, _m) > options.MinPsi);
        _chiSquare = ChiSquareTest.TwoSample(_bins.Reference, _bins.Current);
    }

    public double PValue => _chiSquare.PValue;

    public string Name => _counter.Reference.Name;

    public FeatureDrift Judge(double adjustedPValue, DriftOptions options)
    {
        var bins = _bins.Reference.Length;
        var psi = OfPsi();
        var drifts = adjustedPValue <= options.Significance && psi.EffectSize > options.MinPsi;
        // With every bin too rare to compare, all of them became one, which can show nothing.
        var blind = psi.Chance95 > options.MinPsi || (bins == 1 && _bins.CountBeforePooling > 1);
        var known = options.KnownChanges.FirstOrDefault(change => change.Feature == Name);
        var tally = _counter.ToTally();
        return new FeatureDrift.Measured
        {
            Name = Name,
            Title = (_counter.Reference as NumericProfile)?.Words?.Title(
                Name, _counter.Reference.RowCount, tally.Others, _m),
            Role = _counter.Reference.Role,
            Verdict = known is not null ? DriftVerdict.Expected
                : drifts ? DriftVerdict.Drift
                : blind ? DriftVerdict.NotEnoughData
                : DriftVerdict.None,
            ReferenceRows = _n,
            CurrentRows = _m,
            Bins = bins,
            BinsBeforePooling = _bins.CountBeforePooling,
            Psi = psi,
            ChiSquare = OfChiSquare(),
            JensenShannon = OfJensenShannon(),
            KolmogorovSmirnov = OfGrid(KolmogorovSmirnovOf),
            Wasserstein = OfGrid(WassersteinOf),
            PValue = PValue,
            AdjustedPValue = adjustedPValue,
            ExpectedBecause = known?.Because,
            LargestMove = LargestMove(),
            NewCategories = [.. NewCategories(tally)],
            RowsNeeded = RowsNeeded(bins == 1 ? _bins.CountBeforePooling : bins, options),
            Counts = [.. tally.Counts],
        };
    }

    private double PerRow => (1.0 / _n) + (1.0 / _m);

    private DriftStatistic OfPsi()
    {
        var bins = _bins.Reference.Length;
        var value = Psi.FromCounts(_bins.Reference, _bins.Current);
        return new(DriftMeasure.Psi, value, PsiNull.Quantile95(bins, _n, _m),
            Math.Max(0, value - ((bins - 1) * PerRow)), _n, _m);
    }

    private DriftStatistic OfChiSquare() => new(
        DriftMeasure.ChiSquare, _chiSquare.Statistic,
        _chiSquare.DegreesOfFreedom == 0 ? 0 : ChiSquareDistribution.Quantile(0.95, _chiSquare.DegreesOfFreedom),
        Math.Sqrt(_chiSquare.Statistic * PerRow), _n, _m);

    // For small differences the divergence is an eighth of the index, in nats: both are the same sum of squares.
    private DriftStatistic OfJensenShannon()
    {
        var distance = JensenShannon.Distance(
            [.. _bins.Reference.Select(count => (double)count)],
            [.. _bins.Current.Select(count => (double)count)],
            LogBase.Two);
        return new(DriftMeasure.JensenShannon, distance,
            Math.Sqrt(PsiNull.Quantile95(_bins.Reference.Length, _n, _m) / (8 * Math.Log(2))), distance, _n, _m);
    }

    // Of finite values: what is null or not finite has no place on a line, and is a bin of the others.
    private DriftStatistic? OfGrid(Func<NumericProfile, double[], long, long, DriftStatistic?> of)
    {
        if (_counter is not NumericBinCounter numeric)
            return null;
        var profile = numeric.Profile;
        long n = profile.GridCounts.Sum(), m = 0;
        foreach (var rows in numeric.GridCounts)
            m += rows;
        return n == 0 || m == 0
            ? null
            : of(profile, NumericGrid.Gaps(profile.GridCounts.AsSpan(), n, numeric.GridCounts, m), n, m);
    }

    private static DriftStatistic KolmogorovSmirnovOf(NumericProfile profile, double[] gaps, long n, long m)
    {
        var distance = NumericGrid.LargestGap(gaps);
        return new(DriftMeasure.KolmogorovSmirnov, distance, KolmogorovSmirnov.Quantile95(n, m), distance, n, m);
    }

    // Values as far apart as numbers go have a distance that is none.
    private static DriftStatistic? WassersteinOf(NumericProfile profile, double[] gaps, long n, long m)
    {
        var distance = NumericGrid.Area(gaps, profile.GridEdges);
        return !double.IsFinite(distance) ? null : new(
            DriftMeasure.Wasserstein, distance, profile.ChanceWasserstein * Math.Sqrt((1.0 / n) + (1.0 / m)),
            profile.StandardDeviation is MetricValue.Value { Number: > 0 and var spread } ? distance / spread : 0,
            n, m);
    }

    // Only where the profile keeps all categories that the reference had are others new.
    private IEnumerable<CategoryCount> NewCategories(FeatureTally tally) =>
        _counter.Reference is CategoricalProfile profile && profile.BinCounts[^2] == 0
            ? tally.Others.Take(5).Select(other => other with { Category = profile.LabelOf(other.Category) })
            : [];

    private BinMove LargestMove() => Enumerable.Range(0, _counter.Reference.BinCount)
        .Select(bin => new BinMove(
            _counter.Reference.BinLabel(bin),
            (double)_counter.Reference.BinCounts[bin] / _n,
            (double)_counter.Counts[bin] / _m))
        .MaxBy(move => Math.Abs(move.CurrentShare - move.ReferenceShare))!;

    // Solves PsiNull.Quantile95(bins, n, m) = MinPsi for m, or for n = m.
    private RowsNeeded RowsNeeded(int bins, DriftOptions options)
    {
        var onBothSides = PsiNull.Quantile95(bins, 1, 1) / options.MinPsi;
        var perCurrentRow = 2 / onBothSides - 1.0 / _n;
        return perCurrentRow > 0
            ? new(_n, AtLeastMinRows(1 / perCurrentRow))
            : new(AtLeastMinRows(onBothSides), AtLeastMinRows(onBothSides));

        long AtLeastMinRows(double rows) => Math.Max(options.MinRows, (long)Math.Ceiling(rows));
    }
}
