using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>The values of one Parquet column for one row group, in memory that is used again for the next.</summary>
internal abstract class ColumnBuffer(DataField column)
{
    public DataField Field => column;

    /// <summary>Writes the first <paramref name="count"/> values.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, int count);

    /// <summary>Replaces the first <paramref name="count"/> values by those of the row group.</summary>
    public abstract ValueTask ReadAsync(ParquetRowGroupReader group, DataField stored, int count);
}

/// <summary>A buffer whose values have a type.</summary>
internal abstract class ColumnBuffer<T>(DataField column) : ColumnBuffer(column)
{
    private T[] _values = new T[1024];

    public T this[int index]
    {
        get => _values[index];
        set
        {
            if (index == _values.Length)
                Array.Resize(ref _values, 2 * _values.Length);
            _values[index] = value;
        }
    }

    /// <summary>The first values.</summary>
    public ReadOnlySpan<T> Values(int count) => _values.AsSpan(0, count);

    /// <summary>Room for so many values, to fill.</summary>
    public Span<T> Room(int count) => First(count).AsSpan();

    protected ArraySegment<T> First(int count)
    {
        if (count > _values.Length)
            Array.Resize(ref _values, count);
        return new(_values, 0, count);
    }
}

/// <summary>Values that are always present.</summary>
internal sealed class ValueBuffer<T>(DataField column) : ColumnBuffer<T>(column)
    where T : struct
{
    public ValueBuffer(string name)
        : this(new DataField<T>(name))
    {
    }

    public override Task WriteAsync(ParquetRowGroupWriter group, int count) =>
        group.WriteAsync<T>(Field, First(count).AsMemory());

    public override ValueTask ReadAsync(ParquetRowGroupReader group, DataField stored, int count) =>
        group.ReadAsync(stored, First(count).AsMemory());
}

/// <summary>Values that may be absent.</summary>
internal sealed class NullableBuffer<T>(DataField column) : ColumnBuffer<T?>(column)
    where T : struct
{
    public override Task WriteAsync(ParquetRowGroupWriter group, int count) =>
        group.WriteAsync<T>(Field, First(count).AsMemory());

    public override ValueTask ReadAsync(ParquetRowGroupReader group, DataField stored, int count) =>
        group.ReadAsync(stored, First(count).AsMemory());
}

/// <summary>Texts, which may be absent where the field is nullable.</summary>
internal sealed class TextBuffer(string name, bool isNullable = false)
    : ColumnBuffer<string?>(new DataField<string>(name, isNullable))
{
    private readonly ParquetTexts _texts = new();

    public override Task WriteAsync(ParquetRowGroupWriter group, int count) =>
        _texts.WriteAsync(group, Field, First(count));

    public override ValueTask ReadAsync(ParquetRowGroupReader group, DataField stored, int count) =>
        _texts.ReadAsync(group, stored, First(count).AsMemory());
}
