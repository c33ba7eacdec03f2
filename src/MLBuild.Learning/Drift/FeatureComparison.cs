using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>The statistics of one feature, before it is known how many others were tested with it.</summary>
internal sealed class FeatureComparison
{
    private readonly BinCounter _counter;
    private readonly long _n;
    private readonly long _m;
    private readonly PooledBins _bins;

    public FeatureComparison(BinCounter counter)
    {
        _counter = counter;
        _n = counter.ReferenceRows;
        _m = counter.CurrentRows;
        _bins = PooledBins.From(counter.Reference.BinCounts.AsSpan(), counter.Counts, _n, _m);
        PValue = ChiSquareTest.TwoSample(_bins.Reference, _bins.Current).PValue;
    }

    public double PValue { get; }

    public FeatureDrift Judge(double adjustedPValue, DriftOptions options)
    {
        var bins = _bins.Reference.Length;
        var psi = Psi.FromCounts(_bins.Reference, _bins.Current);
        var psiNull95 = PsiNull.Quantile95(bins, _n, _m);
        var drifts = adjustedPValue <= options.Significance && psi > Math.Max(options.MinPsi, psiNull95);
        // With every bin too rare to compare, all of them became one, which can show nothing.
        var blind = psiNull95 > options.MinPsi || (bins == 1 && _bins.CountBeforePooling > 1);
        return new FeatureDrift.Measured
        {
            Name = _counter.Reference.Name,
            Role = _counter.Reference.Role,
            Verdict = drifts ? DriftVerdict.Drift : blind ? DriftVerdict.NotEnoughData : DriftVerdict.None,
            ReferenceRows = _n,
            CurrentRows = _m,
            Bins = bins,
            Psi = psi,
            PsiNull95 = psiNull95,
            PValue = PValue,
            AdjustedPValue = adjustedPValue,
            JensenShannonDistance = JensenShannon.Distance(
                [.. _bins.Reference.Select(count => (double)count)],
                [.. _bins.Current.Select(count => (double)count)],
                LogBase.Two),
            LargestMove = LargestMove(),
            RowsNeeded = RowsNeeded(bins == 1 ? _bins.CountBeforePooling : bins, options),
        };
    }

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
