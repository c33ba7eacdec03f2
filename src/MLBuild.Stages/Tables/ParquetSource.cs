using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A Parquet file open for reading, whose faults name the file.</summary>
internal sealed class ParquetSource : IDisposable
{
    private readonly BlockingFile _stream;
    private readonly string _advice;
    private readonly ParquetReader _reader;

    /// <param name="name">What messages call it; the last part of the path where it is null.</param>
    /// <param name="advice">What to do about a file that cannot be read.</param>
    /// <exception cref="TableException">The file is missing, or is not Parquet.</exception>
    public ParquetSource(string path, string? name = null, string advice = "run the stage that wrote it again.")
    {
        (Name, _advice) = (name ?? Path.GetFileName(path), advice);
        if (!File.Exists(path))
            throw new TableException($"'{Name}' does not exist: there is no file {path}.");
        _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            _reader = Readable(() => ParquetReader.CreateAsync(_stream).GetAwaiter().GetResult());
            Fields = Readable(() => _reader.Schema.DataFields);
            Readable(DemandCounts);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>The columns; of a nested one, its leaves.</summary>
    public IReadOnlyList<DataField> Fields { get; }

    public int GroupCount => _reader.RowGroupCount;

    public long RowCount => _reader.RowGroups.Sum(group => group.RowCount);

    public void Dispose() => _stream.Dispose();

    public int RowsIn(int group) => (int)_reader.OpenRowGroupReader(group).RowCount;

    /// <summary>Reads a column of a row group.</summary>
    /// <exception cref="TableException">The column's bytes are corrupt.</exception>
    public void Read(int group, Func<ParquetRowGroupReader, ValueTask> read) => Readable(() =>
    {
        read(_reader.OpenRowGroupReader(group)).AsTask().GetAwaiter().GetResult();
        return true;
    });

    // The footer has no check sum, and Parquet.Net 6.1.0 reads as many values as a column has into as many rows as the
    // group has: rows without a value would hold what was in the memory before.
    private bool DemandCounts()
    {
        var total = 0L;
        for (var i = 0; i < GroupCount; i++)
        {
            var group = _reader.OpenRowGroupReader(i);
            if (group.RowCount is < 0 or > int.MaxValue)
                throw new InvalidDataException(
                    FormattableString.Invariant($"row group {i} has {group.RowCount} rows"));
            foreach (var field in Fields.Where(field => field.MaxRepetitionLevel == 0))
            {
                if (group.GetMetadata(field)?.MetaData?.NumValues is { } values && values != group.RowCount)
                    throw new InvalidDataException(FormattableString.Invariant(
                        $"row group {i} has {group.RowCount} rows, and {values} values in column '{field.Path}'"));
            }
            total += group.RowCount;
        }
        return total == _reader.Metadata!.NumRows
            ? true
            : throw new InvalidDataException(FormattableString.Invariant(
                $"its row groups have {total} rows, and it says {_reader.Metadata.NumRows}"));
    }

    // COR_E_IO: an IOException that is the library's own and not the system's.
    private const int NoSystemCode = unchecked((int)0x80131620);

    // A place that no file can have is refused by the system, in words that say nothing of it.
    private static string Say(Exception fault) =>
        fault is IOException and not EndOfStreamException && fault.HResult != NoSystemCode
            ? "its parts are not where it says"
            : fault.Message.TrimEnd('.');

    // Any exception: on corrupt bytes Parquet.Net fails where its code happens to notice, in a dozen types.
    private T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new TableException(
                $"'{Name}' cannot be read as Parquet: {Say(fault)}. "
                + $"It is something else, cut off or corrupt: {_advice}",
                fault);
        }
    }
}
