using System.Globalization;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Ingest;

/// <summary>Finds the rows of some files that are left out for others with the same key. Memory is bounded, whatever
/// the number of rows: hashes of keys are spilled to disk, and only rows whose key another row has are held.</summary>
internal sealed class DuplicateSearch<TRow>(DuplicateRules<TRow> rules, string folder, CancellationToken cancel)
    where TRow : class, new()
{
    /// <summary>Rows that share a key with others and are held in memory together.</summary>
    private const int MostHeld = 2_000_000;

    private const int LineBits = 44;
    private const long MostLine = (1L << LineBits) - 1;

    /// <summary>What is left out of one file.</summary>
    public sealed record Found(IReadOnlyList<LeftOutRow> Rows)
    {
        private readonly LineSet _lines = new(Rows.Select(row => row.Source.Line));

        public bool Keeps(long line) => !_lines.Contains(line);
    }

    /// <summary>Reads the files twice: their keys, then the rows whose keys are not alone.</summary>
    /// <returns>For each file what is left out of it.</returns>
    /// <exception cref="TableException">So many rows share their key that it cannot be one.</exception>
    public IReadOnlyList<Found> In(IReadOnlyList<RowFile<TRow>> files)
    {
        if (Repeated(files) is not { Count: > 0 } repeated)
            return [.. files.Select(_ => new Found([]))];
        var rows = new List<(TRow Row, RowSource Source)>();
        var sources = new Dictionary<RowSource, int>();
        foreach (var (i, file) in files.Index())
        {
            var wanted = new LineSet(repeated.Where(place => place >> LineBits == i).Select(place => place & MostLine));
            using var pass = file.Begin(new() { Wants = wanted.Contains });
            while (pass.Next())
            {
                cancel.ThrowIfCancellationRequested();
                for (var row = 0; row < pass.Batch.Count; row++)
                {
                    rows.Add((pass.Batch.Row(row), pass.Batch.Source(row)));
                    sources[pass.Batch.Source(row)] = i;
                }
            }
        }
        var leftOut = rules.Resolve(rows, cancel).ToLookup(row => sources[row.Source]);
        return [.. files.Select((_, i) => new Found([.. leftOut[i]]))];
    }

    private HashSet<long> Repeated(IReadOnlyList<RowFile<TRow>> files)
    {
        using var keys = new KeyHashes(Path.Combine(folder, "keys"));
        var columns = rules.KeyColumns;
        var hashes = new ulong[RowBatch.MostRows];
        var places = new long[RowBatch.MostRows];
        foreach (var (i, file) in files.Index())
        {
            using var pass = file.Begin(new() { Columns = columns });
            while (pass.Next())
            {
                cancel.ThrowIfCancellationRequested();
                var batch = pass.Batch;
                if (hashes.Length < batch.Count)
                    (hashes, places) = (new ulong[batch.Count], new long[batch.Count]);
                Array.Clear(hashes);
                foreach (var column in columns)
                    batch.Find(column).HashInto(hashes.AsSpan(0, batch.Count));
                for (var row = 0; row < batch.Count; row++)
                    places[row] = Place(i, batch.Lines[row]);
                keys.Add(hashes.AsSpan(0, batch.Count), places.AsSpan(0, batch.Count));
            }
        }
        var repeated = keys.Repeated().Take(MostHeld + 1).Select(found => found.Row).ToHashSet();
        return repeated.Count <= MostHeld
            ? repeated
            : throw new TableException(
                $"More than {MostHeld.ToString("N0", CultureInfo.InvariantCulture)} rows of {typeof(TRow).Name} " +
                $"share their key ({string.Join(", ", rules.Key)}) with another row. Name columns that tell one row " +
                "from another, or remove the repetition at the source.");
    }

    private static long Place(int file, long line) => ((long)file << LineBits) | line;
}
