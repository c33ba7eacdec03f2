using MLBuild.Learning.Rows;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A column of a table whose columns are known only when the program runs.</summary>
public sealed record TableColumn(string Name, ColumnType Type, bool IsNullable)
{
    /// <summary>Of a decimal column: digits behind the point, 0 to 18, default 8.</summary>
    public int Scale { get; init; } = DecimalScale.Default;

    internal DataField Field => Type switch
    {
        ColumnType.Boolean => new DataField(Name, typeof(bool), IsNullable),
        ColumnType.Int32 => new DataField(Name, typeof(int), IsNullable),
        ColumnType.Int64 => new DataField(Name, typeof(long), IsNullable),
        ColumnType.Double => new DataField(Name, typeof(double), IsNullable),
        ColumnType.Decimal => ParquetType.Decimal(Name, Scale, IsNullable),
        ColumnType.DateTime => ParquetType.Timestamp(Name, IsNullable),
        ColumnType.String => new DataField(Name, typeof(string), IsNullable),
        _ => throw new InvalidOperationException($"BUG: unknown column type {Type}."),
    };
}
