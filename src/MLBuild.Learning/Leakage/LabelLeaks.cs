using System.Numerics;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Leakage;

/// <summary>Finds features that tell the label by themselves, which honest ones rarely do.</summary>
/// <remarks>
/// Measured is the R² of predicting the label's rank from one feature: rows are grouped by the feature's value, by at
/// most 64 quantiles of it if it is numeric, absent values apart; each row is predicted by the mean rank of its group
/// among the rows in other fifths of the key; R² = 1 - squared errors / squared distances from the mean rank. Ranks
/// make it the same for every increasing function of the label, and a few extreme labels do not hide a leak. Other
/// fifths: a category that only this row has tells nothing. A perfect increasing feature gives 0.9997, as groups are
/// not rows. A copy is told apart: label = a + b × feature, to one part in a million, in 99.9 % of the rows that have
/// it. At most 50,000 rows are looked at, chosen by the hashes of their keys: 200 kB for each feature.
/// </remarks>
public sealed class LabelLeaks(FeatureSchema schema)
{
    private const int Groups = 64;
    private const int Folds = 5;
    private const int MostRows = 50_000;

    /// <summary>With fewer rows only copies are looked for.</summary>
    public const int FewestRows = 100;

    private const int FewestOfACopy = 10;

    private readonly List<Row> _rows = [];
    private int _zeroBits;

    /// <summary>Adds a training row.</summary>
    public void Add(ReadOnlySpan<float> features, double label, RowKey key)
    {
        if (!IsChosen(key))
            return;
        _rows.Add(new(features.ToArray(), label, key));
        while (_rows.Count > MostRows)
        {
            _zeroBits++;
            _rows.RemoveAll(row => !IsChosen(row.Key));
        }
    }

    public LabelLeakage Complete(LeakageLimits limits)
    {
        // In one order, however they came: sums of doubles depend on it.
        _rows.Sort((one, other) => (one.Key.Value, one.Label).CompareTo((other.Key.Value, other.Label)));
        var ranks = Ranks([.. _rows.Select(row => row.Label)]);
        return new(_rows.Count, [.. schema.Columns.Select((column, i) => Judge(column, i, ranks, limits))]);
    }

    // The highest bits: folds are made of others.
    private bool IsChosen(RowKey key) => (int)UInt128.LeadingZeroCount(key.Value) >= _zeroBits;

    private LabelLeak Judge(FeatureColumn column, int at, double[] ranks, LeakageLimits limits)
    {
        var told = _rows.Count < FewestRows ? null : Told(GroupsOf(column, at), ranks);
        var isCopy = IsCopy(at);
        return new(column.Name, told, isCopy,
            isCopy || (told >= limits.FailSingleFeature && limits.FailSingleFeature < 1) ? LeakVerdict.Fail
            : told >= limits.WarnSingleFeature ? LeakVerdict.Warn
            : LeakVerdict.None);
    }

    private int[] GroupsOf(FeatureColumn column, int at)
    {
        var values = _rows.Select(row => row.Features[at]).ToArray();
        var order = values.Where(value => !float.IsNaN(value)).Order().ToArray();
        // Equal values share the place of the first of them, and so a group. Group 0 is for absent ones.
        var places = new Dictionary<float, int>();
        for (var i = 0; i < order.Length; i++)
            places.TryAdd(order[i],
                column.Kind == FeatureKind.Categorical ? places.Count : (int)((long)i * Groups / order.Length));
        return [.. values.Select(value => float.IsNaN(value) ? 0 : places[value] + 1)];
    }

    private double? Told(int[] groups, double[] ranks)
    {
        var size = groups.Max() + 1;
        var (counts, sums) = (new long[size, Folds], new double[size, Folds]);
        var (allCounts, allSums) = (new long[Folds], new double[Folds]);
        for (var i = 0; i < ranks.Length; i++)
        {
            var fold = FoldOf(i);
            counts[groups[i], fold]++;
            sums[groups[i], fold] += ranks[i];
            allCounts[fold]++;
            allSums[fold] += ranks[i];
        }
        var mean = ranks.Average();
        var (errors, distances) = (0.0, 0.0);
        for (var i = 0; i < ranks.Length; i++)
        {
            var (count, sum, fold) = (0L, 0.0, FoldOf(i));
            for (var other = 0; other < Folds; other++)
            {
                if (other == fold)
                    continue;
                count += counts[groups[i], other];
                sum += sums[groups[i], other];
            }
            var predicted = count > 0 ? sum / count : mean;
            errors += Square(ranks[i] - predicted);
            distances += Square(ranks[i] - mean);
        }
        return distances > 0 ? 1 - (errors / distances) : null;
    }

    private bool IsCopy(int at)
    {
        var rows = _rows.Where(row => !float.IsNaN(row.Features[at])).OrderBy(row => row.Features[at]).ToArray();
        if (rows.Length < FewestOfACopy)
            return false;
        var (low, high) = (rows[rows.Length / 4], rows[rows.Length * 3 / 4]);
        double from = low.Features[at], to = high.Features[at];
        // Two values fit every line.
        if (from == to || low.Label == high.Label || rows.DistinctBy(row => row.Features[at]).Take(3).Count() < 3)
            return false;
        var slope = (high.Label - low.Label) / (to - from);
        var start = low.Label - (slope * from);
        // Where labels are about zero, what floats lose is in proportion to their spread.
        var spread = Math.Abs(high.Label - low.Label);
        return rows.Count(row => Math.Abs(row.Label - (start + (slope * row.Features[at])))
            <= 1e-6 * (Math.Abs(start) + Math.Abs(row.Label) + spread)) >= 0.999 * rows.Length;
    }

    private int FoldOf(int row) => (int)(_rows[row].Key.Value % Folds);

    private static double Square(double number) => number * number;

    // Equal numbers share the mean of their places.
    private static double[] Ranks(double[] numbers)
    {
        var order = Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i]).ToArray();
        var ranks = new double[numbers.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && numbers[order[end]] == numbers[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end - 1) / 2.0;
            start = Math.Max(end, start + 1);
        }
        return ranks;
    }

    private sealed record Row(float[] Features, double Label, RowKey Key);
}
