using System.Runtime.CompilerServices;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>Measures one column of accepted rows, in memory that does not grow with the rows, and is merged with the
/// same column of other rows.</summary>
internal abstract class ColumnTally<TRow>
    where TRow : class, new()
{
    /// <summary>Of a column with more different values than this, the values are not kept one by one.</summary>
    public const int MostCategories = 300;

    /// <param name="column">What to measure.</param>
    /// <param name="distinctCap">Up to so many different values, all but nothing is estimated.</param>
    // Type by type: what is asked for through a generic method is compiled only when the program runs.
    public static ColumnTally<TRow> Of(Column<TRow> column, int distinctCap) => column switch
    {
        Column<TRow, bool> c => new ColumnTally<TRow, bool>(c, distinctCap),
        Column<TRow, bool?> c => new ColumnTally<TRow, bool?>(c, distinctCap),
        Column<TRow, int> c => new ColumnTally<TRow, int>(c, distinctCap),
        Column<TRow, int?> c => new ColumnTally<TRow, int?>(c, distinctCap),
        Column<TRow, long> c => new ColumnTally<TRow, long>(c, distinctCap),
        Column<TRow, long?> c => new ColumnTally<TRow, long?>(c, distinctCap),
        Column<TRow, double> c => new ColumnTally<TRow, double>(c, distinctCap),
        Column<TRow, double?> c => new ColumnTally<TRow, double?>(c, distinctCap),
        Column<TRow, decimal> c => new ColumnTally<TRow, decimal>(c, distinctCap),
        Column<TRow, decimal?> c => new ColumnTally<TRow, decimal?>(c, distinctCap),
        Column<TRow, DateTime> c => new ColumnTally<TRow, DateTime>(c, distinctCap),
        Column<TRow, DateTime?> c => new ColumnTally<TRow, DateTime?>(c, distinctCap),
        Column<TRow, string?> c => new ColumnTally<TRow, string?>(c, distinctCap),
        _ => throw new InvalidOperationException($"BUG: no statistics of column '{column}'."),
    };

    public abstract void Add(TRow row);

    public abstract void Add(RowBatch<TRow> batch, int first, int length);

    public abstract void Merge(ColumnTally<TRow> other);

    public abstract ColumnTally<TRow> Copy();

    /// <summary>Lets go of what only a column with few different values needs.</summary>
    public abstract void Shrink();

    public abstract ColumnStatistics Complete();
}

/// <summary>Counts each value while there are few different ones, so that every statistic is exact; beyond, it adds the
/// values to sketches.</summary>
internal sealed class ColumnTally<TRow, TValue>(Column<TRow, TValue> column, int distinctCap) : ColumnTally<TRow>
    where TRow : class, new()
{
    private ValueCounts<TValue>? _counts = new(distinctCap);
    private ValueStream? _stream;
    private long _rows;
    private long _nulls;

    public override void Add(TRow row) => Add([column.Get(row)]);

    public override void Add(RowBatch<TRow> batch, int first, int length) =>
        Add(batch.Values(column).Slice(first, length));

    public override void Merge(ColumnTally<TRow> other)
    {
        var tally = (ColumnTally<TRow, TValue>)other;
        _rows += tally._rows;
        _nulls += tally._nulls;
        if (_counts is not null && tally._counts is { } few && _counts.TryMerge(few))
            return;
        var stream = Stream();
        if (tally._counts is { } counts)
            stream.Add(counts);
        else
            stream.Merge(tally._stream!);
    }

    public override ColumnTally<TRow> Copy()
    {
        var copy = new ColumnTally<TRow, TValue>(column, distinctCap);
        copy.Merge(this);
        return copy;
    }

    public override void Shrink()
    {
        if (_counts?.Distinct > MostCategories)
            Stream();
    }

    public override ColumnStatistics Complete()
    {
        var values = _rows - _nulls;
        var empty = new ColumnStatistics(column.Name, column.Type, _rows, _nulls);
        if (values == 0)
            return empty;
        return _counts is { } counts ? Complete(empty, counts) : _stream!.Complete(empty, column.IsNumeric);
    }

    private void Add(ReadOnlySpan<TValue> values)
    {
        _rows += values.Length;
        if (_counts is { } counts)
        {
            var counted = counts.Add(values, ref _nulls);
            if (counted == values.Length)
                return;
            values = values[counted..];
        }
        Stream().Add(values, ref _nulls);
    }

    private ValueStream Stream()
    {
        if (_stream is not null)
            return _stream;
        _stream = new();
        _stream.Add(_counts!);
        _counts = null;
        return _stream;
    }

    private ColumnStatistics Complete(ColumnStatistics empty, ValueCounts<TValue> counts)
    {
        var statistics = empty with
        {
            Distinct = counts.Distinct,
            Categories = Categories(counts),
            IsProse = counts is ValueCounts<string?> texts && texts.Entries().Any(entry => IsProse(entry.Value!)),
        };
        var numbers = new WeightedNumbers(counts.Distinct);
        foreach (ref readonly var entry in counts.Entries().AsSpan())
        {
            if (!ValueNumber.TryPlace(entry.Value, out var number))
                return statistics;
            numbers.Add(number, entry.Count);
        }
        return statistics.With(
            numbers.Moments(), numbers.Quantiles(QuantileFunction.Shares), 0, column.IsNumeric);
    }

    // An id, a hash and an e-mail address are shorter and of one piece.
    private static bool IsProse(string text) => text.Length > 64 || text.Any(char.IsWhiteSpace);

    private static CategoryCount[]? Categories(ValueCounts<TValue> counts) => counts.Distinct > MostCategories
        ? null
        :
        [
            .. counts.Entries()
                .Select(entry => new CategoryCount(Column<TRow, TValue>.Text(entry.Value)!, entry.Count))
                .OrderByDescending(category => category.Rows)
                .ThenBy(category => category.Value, StringComparer.Ordinal),
        ];

    /// <summary>Values of which there are too many different ones to count each.</summary>
    private sealed class ValueStream
    {
        private readonly DistinctSketch _distinct = new();
        private readonly QuantileSketch _quantiles = new();
        private readonly Moments _moments = new();

        // Blocks of one size, whatever the batches are: the same rows give the same bytes.
        private readonly double[] _block = new double[QuantileSketch.LevelSize];
        private int _inBlock;

        public void Add(ReadOnlySpan<TValue> values, ref long nulls)
        {
            foreach (var value in values)
            {
                if (value is null)
                {
                    nulls++;
                    continue;
                }
                _distinct.Add(ValueHash.Of(value));
                if (ValueNumber.TryPlace(value, out var number))
                    Add(number);
            }
        }

        public void Add(ValueCounts<TValue> counts)
        {
            // Sorted: the sketch takes what comes in its order, and the order of a hash table means nothing.
            var entries = counts.Entries();
            Array.Sort(Array.ConvertAll(entries, entry => entry.Hash), entries);
            foreach (ref readonly var entry in entries.AsSpan())
            {
                _distinct.Add(entry.Hash);
                if (!ValueNumber.TryPlace(entry.Value, out var number))
                    continue;
                _quantiles.Add(number, entry.Count);
                _moments.Add(number, entry.Count);
            }
        }

        public void Merge(ValueStream other)
        {
            _distinct.Merge(other._distinct);
            _quantiles.Merge(other._quantiles);
            _moments.Merge(other._moments);
            foreach (var number in other._block.AsSpan(0, other._inBlock))
                Add(number);
        }

        public ColumnStatistics Complete(ColumnStatistics empty, bool isNumeric)
        {
            var all = new ValueStream();
            all.Merge(this);
            all.Flush();
            var statistics = empty with { Distinct = all._distinct.Estimate(), IsDistinctEstimate = true };
            if (all._quantiles.Count == 0)
                return statistics;
            var quantiles = all._quantiles.Quantiles(QuantileFunction.Shares);
            // A sketch may drop the ends; they are known.
            (quantiles[0], quantiles[^1]) = (all._moments.Minimum!.Value, all._moments.Maximum!.Value);
            return statistics.With(all._moments, quantiles, all._quantiles.RankError, isNumeric);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(double number)
        {
            _block[_inBlock++] = number;
            if (_inBlock == _block.Length)
                Flush();
        }

        private void Flush()
        {
            var block = _block.AsSpan(0, _inBlock);
            _moments.Add(block);
            _quantiles.Add(block);
            _inBlock = 0;
        }
    }
}
