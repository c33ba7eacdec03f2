using Microsoft.Data.Analysis;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>A row table as a data frame, for exploring an artifact in a script or notebook. Everything is in memory:
/// the pipeline itself streams.</summary>
public static class TableFrame
{
    /// <summary>Reads the first rows of a table that a stage wrote; columns have the names and types of the row type,
    /// absent values are null.</summary>
    /// <param name="path">Such as <c>artifacts/Validate/rows.parquet</c>.</param>
    /// <param name="mostRows">From 1, default 1,000,000.</param>
    /// <exception cref="TableException">The file is missing, is not Parquet, or has other columns.</exception>
    public static DataFrame Read<TRow>(string path, int mostRows = 1_000_000)
        where TRow : class, new()
    {
        var columns = RowSchema<TRow>.Instance.Columns.Select(column => column.Use(new Maker<TRow>())).ToArray();
        foreach (var row in RowTable.Read<TRow>(path).Take(mostRows))
        {
            foreach (var column in columns)
                column.Add(row.Row);
        }
        return new(columns.Select(column => column.Frame));
    }

    private sealed record FrameColumn<TRow>(DataFrameColumn Frame, Action<TRow> Add);

    private sealed class Maker<TRow> : IColumnUser<TRow, FrameColumn<TRow>>
    {
        public FrameColumn<TRow> Use<TValue>(Column<TRow, TValue> column) => column.Type switch
        {
            ColumnType.Boolean => Primitive<bool>(column),
            ColumnType.Int32 => Primitive<int>(column),
            ColumnType.Int64 => Primitive<long>(column),
            ColumnType.Double => Primitive<double>(column),
            ColumnType.Decimal => Primitive<decimal>(column),
            ColumnType.DateTime => Primitive<DateTime>(column),
            ColumnType.String => Text(column),
            _ => throw new InvalidOperationException($"BUG: unknown column type {column.Type}."),
        };

        private static FrameColumn<TRow> Primitive<T>(Column<TRow> column)
            where T : unmanaged
        {
            var frame = new PrimitiveDataFrameColumn<T>(column.Name);
            return column switch
            {
                Column<TRow, T> typed => new(frame, row => frame.Append(typed.Get(row))),
                Column<TRow, T?> typed => new(frame, row => frame.Append(typed.Get(row))),
                _ => throw new InvalidOperationException($"BUG: column {column} holds no {typeof(T).Name}."),
            };
        }

        private static FrameColumn<TRow> Text(Column<TRow> column)
        {
            var frame = new StringDataFrameColumn(column.Name);
            return new(frame, row => frame.Append(column.Text(row)));
        }
    }
}
