using MLBuild.Learning.Rows;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A column of a table whose columns are known only when the program runs.</summary>
public abstract record TableColumn
{
    private TableColumn(string name, bool isNullable) => (Name, IsNullable) = (name, isNullable);

    public string Name { get; }

    public bool IsNullable { get; }

    /// <summary>A column of one of the types that a row type's columns have.</summary>
    public sealed record Typed(string Name, ColumnType Type, bool IsNullable) : TableColumn(Name, IsNullable)
    {
        internal override DataField Field => Type switch
        {
            ColumnType.Boolean => new DataField(Name, typeof(bool), IsNullable),
            ColumnType.Int32 => new DataField(Name, typeof(int), IsNullable),
            ColumnType.Int64 => new DataField(Name, typeof(long), IsNullable),
            ColumnType.Double => new DataField(Name, typeof(double), IsNullable),
            ColumnType.DateTime => ParquetType.Timestamp(Name, IsNullable),
            ColumnType.String => new DataField(Name, typeof(string), IsNullable),
            _ => throw new InvalidOperationException($"BUG: unknown column type {Type}."),
        };
    }

    /// <summary>A column of decimal numbers.</summary>
    /// <param name="Precision">Digits in all, 1 to 28: what a <c>decimal</c> always holds.</param>
    /// <param name="Scale">Digits behind the point, 0 to <paramref name="Precision"/>.</param>
    public sealed record Decimals(string Name, int Precision, int Scale, bool IsNullable)
        : TableColumn(Name, IsNullable)
    {
        internal override DataField Field => new DecimalDataField(Name, Precision, Scale, isNullable: IsNullable);
    }

    internal abstract DataField Field { get; }
}
