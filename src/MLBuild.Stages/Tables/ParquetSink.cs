using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A Parquet file being written: row groups, then the footer. Nobody can read it before that, so a sink that
/// is disposed without <see cref="Complete"/> removes it.</summary>
/// <remarks>Equal values give equal bytes: who writes ends row groups by the rows alone, codec and level are set here,
/// and the file says nothing of time or place. It does name the version of Parquet.Net.</remarks>
internal sealed class ParquetSink : IDisposable
{
    /// <summary>Writes one column of a row group.</summary>
    public delegate Task ColumnWrite(ParquetRowGroupWriter group);

    private readonly string _path;
    private readonly BlockingFile _stream;
    private readonly ParquetWriter _writer;
    private bool _isComplete;

    public ParquetSink(string path, IEnumerable<DataField> fields)
    {
        _path = path;
        _stream = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var schema = new ParquetSchema(fields);
        _writer = ParquetWriter.CreateAsync(schema, _stream, Options(schema)).GetAwaiter().GetResult();
    }

    /// <summary>Writes one row group: the first <paramref name="count"/> values of each column, in schema order.
    /// </summary>
    public void WriteGroup(IEnumerable<ColumnBuffer> columns, int count) =>
        WriteGroup(columns.Select<ColumnBuffer, ColumnWrite>(column => group => column.WriteAsync(group, count)));

    /// <summary>Writes one row group: each column in schema order.</summary>
    public void WriteGroup(IEnumerable<ColumnWrite> columns)
    {
        using var group = _writer.CreateRowGroup();
        // Parquet.Net is asynchronous only, while rows are pushed by a stage that has its thread to itself.
        foreach (var write in columns)
            write(group).GetAwaiter().GetResult();
        group.CompleteValidate();
    }

    /// <summary>Writes the footer and closes the file.</summary>
    public void Complete()
    {
        _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
        _isComplete = true;
    }

    public void Dispose()
    {
        if (_isComplete)
            return;
        _stream.Dispose();
        File.Delete(_path);
    }

    // The level must be set: the default takes a hundred times as long for a quarter fewer bytes.
    private static ParquetOptions Options(ParquetSchema schema)
    {
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Snappy,
            CompressionLevel = CompressionLevel.Fastest,
            // Of texts that are mostly different a dictionary would only be in the way.
            DictionaryEncodingThreshold = 0.5,
            DictionaryEncodingSampleSize = 1024,
        };
        foreach (var field in schema.DataFields.Where(field => field.ClrType == typeof(ReadOnlyMemory<char>)))
            options.ColumnEncodingHints[field.Path.ToString()] = EncodingHint.Dictionary;
        return options;
    }
}
