using System.Data.Common;
using System.Globalization;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Databases;

/// <summary>Moves the values of one column from a result to a table.</summary>
internal abstract class ResultColumn(SourceColumn source, int target)
{
    public SourceColumn Source => source;

    /// <summary>The position in the table.</summary>
    protected int Target => target;

    /// <summary>True if the last value was that of the row before.</summary>
    public abstract bool IsRepeated { get; }

    /// <summary>The last value, for people.</summary>
    public abstract string Text { get; }

    /// <exception cref="UnfitValueException">A table cannot keep the value.</exception>
    public abstract void Read(DbDataReader reader, int ordinal, TableWriter table);

    /// <summary>What the column is in the table.</summary>
    public static TableColumn Stored(SourceColumn column) => new(column.Name, TypeOf(column), column.IsNullable)
    {
        Scale = column.Scale,
    };

    private static ColumnType TypeOf(SourceColumn column) => column.Kind switch
    {
        StorageKind.Boolean => ColumnType.Boolean,
        StorageKind.Int32 => ColumnType.Int32,
        StorageKind.Int64 => ColumnType.Int64,
        StorageKind.Double => ColumnType.Double,
        StorageKind.Decimal => ColumnType.Decimal,
        StorageKind.Text => ColumnType.String,
        StorageKind.Date or StorageKind.Time or StorageKind.Instant => ColumnType.DateTime,
        _ => throw new InvalidOperationException($"BUG: column {column} cannot be stored."),
    };
}

/// <summary>A column whose values have a type.</summary>
/// <param name="get">Reads a value that is there, as the table keeps it: so are rows compared.</param>
/// <param name="put">Gives it to the table.</param>
internal sealed class ResultColumn<T>(
    SourceColumn source, int target, Func<DbDataReader, int, T> get, Action<TableWriter, int, T> put)
    : ResultColumn(source, target)
    where T : notnull
{
    private bool _isFirst = true;
    private bool _isNull;
    private T? _value;
    private bool _isRepeated;

    public override bool IsRepeated => _isRepeated;

    public override string Text => _isNull ? "null" : _value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => $"'{value}'",
    };

    public override void Read(DbDataReader reader, int ordinal, TableWriter table)
    {
        var isNull = reader.IsDBNull(ordinal);
        if (isNull && !Source.IsNullable)
            throw new UnfitValueException(
                "is null, though it is declared not null. Correct it, or read the table by a query, whose columns may "
                + "be null.");
        var value = isNull ? default : get(reader, ordinal);
        _isRepeated = !_isFirst && isNull == _isNull && EqualityComparer<T?>.Default.Equals(value, _value);
        (_isFirst, _isNull, _value) = (false, isNull, value);
        if (isNull)
            table.SetNull(Target);
        else
            put(table, Target, value!);
    }
}

/// <summary>A value that a table cannot keep, in words that go on from the name of its column.</summary>
internal sealed class UnfitValueException(string message) : Exception(message);
