using System.Globalization;
using System.Runtime.InteropServices;

namespace MLBuild.Learning.Models;

/// <summary>Feature rows as LightGBM's table, and their labels. A source is read twice: for labels and a sample from
/// which intervals are cut, then for the values; a batch is in memory at a time.</summary>
internal sealed record LightGbmTable(LightGbmLibrary.Table Table, float[] Labels)
{
    // As many as LightGBM takes by default. Which rows they are matters by chance only: samples of 30,000 to all of
    // 236,534 taxi trips gave errors of 2.32 to 2.37 dollars on the same 59,179 others, in no order.
    private const int MostSampledRows = 200_000;

    private delegate void RowVisit(int row, ReadOnlySpan<float> values);

    /// <summary>Cuts intervals from the rows and fills a table with them.</summary>
    /// <exception cref="TrainingDataException">A row has no finite label or an infinite feature, or there are too many
    /// rows.</exception>
    public static LightGbmTable Cut(IFeatureSource source, string parameters, CancellationToken cancellation)
    {
        var rows = RowsOf(source);
        var sample = new Sample(source.Schema.Width, Math.Min(rows, MostSampledRows));
        var labels = ReadLabels(source, rows, cancellation, (row, values) =>
        {
            // At even distances: the same rows for everybody, and all files have their part.
            if (row >= (long)sample.Rows * rows / sample.Capacity && sample.Rows < sample.Capacity)
                sample.Add(values);
        });
        return Fill(sample.CreateTable(parameters, rows), source, labels, cancellation);
    }

    /// <summary>Fills a table with the same intervals with other rows.</summary>
    /// <exception cref="TrainingDataException">As of <see cref="Cut"/>.</exception>
    public LightGbmTable CutAlike(IFeatureSource source, CancellationToken cancellation)
    {
        var rows = RowsOf(source);
        var labels = ReadLabels(source, rows, cancellation, (_, _) => { });
        LightGbmLibrary.Demand(LightGbmLibrary.CreateTable(Table, rows, out var table));
        return Fill(table, source, labels, cancellation);
    }

    private static int RowsOf(IFeatureSource source) => source.RowCount <= int.MaxValue
        ? (int)source.RowCount
        : throw new TrainingDataException(string.Create(CultureInfo.InvariantCulture,
            $"There are {source.RowCount:N0} feature rows; LightGBM takes at most {int.MaxValue:N0}. Take a part."));

    private static float[] ReadLabels(
        IFeatureSource source, int rows, CancellationToken cancellation, RowVisit visit)
    {
        var labels = new float[rows];
        var (row, width) = (0, source.Schema.Width);
        foreach (var batch in source.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            DemandRoom(source, rows, row, batch);
            for (var i = 0; i < batch.Count; i++, row++)
            {
                var values = batch.Values.AsSpan(i * width, width);
                labels[row] = (float)batch.Labels[i];
                FeatureRowCheck.Demand(source.Schema, row, values, labels[row]);
                visit(row, values);
            }
        }
        cancellation.ThrowIfCancellationRequested();
        FeatureRowCheck.DemandAll(source, row);
        return labels;
    }

    private static LightGbmTable Fill(
        LightGbmLibrary.Table table, IFeatureSource source, float[] labels, CancellationToken cancellation)
    {
        var row = 0;
        foreach (var batch in source.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            DemandRoom(source, labels.Length, row, batch);
            LightGbmLibrary.Demand(LightGbmLibrary.AddRows(
                table, batch.Values, LightGbmLibrary.Float32, batch.Count, source.Schema.Width, row));
            row += batch.Count;
        }
        cancellation.ThrowIfCancellationRequested();
        FeatureRowCheck.DemandAll(source, row);
        LightGbmLibrary.Demand(LightGbmLibrary.SetField(
            table, "label", labels, labels.Length, LightGbmLibrary.Float32));
        return new(table, labels);
    }

    // Rows too many would be written behind the table's end.
    private static void DemandRoom(IFeatureSource source, int rows, int row, FeatureBatch batch)
    {
        if (batch.Count > rows - row)
            FeatureRowCheck.DemandAll(source, (long)row + batch.Count);
    }

    /// <summary>By feature, the values of some rows that are not 0.</summary>
    private sealed class Sample
    {
        private readonly double[][] _values;
        private readonly int[][] _rows;
        private readonly int[] _counts;

        public Sample(int features, int capacity)
        {
            Capacity = capacity;
            // Pinned: LightGBM is given their addresses.
            _values = [.. Enumerable.Range(0, features)
                .Select(_ => GC.AllocateUninitializedArray<double>(capacity, pinned: true))];
            _rows = [.. Enumerable.Range(0, features)
                .Select(_ => GC.AllocateUninitializedArray<int>(capacity, pinned: true))];
            _counts = new int[features];
        }

        public int Capacity { get; }

        public int Rows { get; private set; }

        public void Add(ReadOnlySpan<float> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] == 0)
                    continue;
                _values[i][_counts[i]] = values[i];
                _rows[i][_counts[i]++] = Rows;
            }
            Rows++;
        }

        public LightGbmLibrary.Table CreateTable(string parameters, int rows)
        {
            LightGbmLibrary.Demand(LightGbmLibrary.CreateTable(
                Addresses(_values), Addresses(_rows), _counts.Length, _counts, Rows, rows, rows, parameters,
                out var table));
            GC.KeepAlive(this);
            return table;
        }

        private static nint[] Addresses<T>(T[][] columns) =>
            [.. columns.Select(column => Marshal.UnsafeAddrOfPinnedArrayElement(column, 0))];
    }
}
