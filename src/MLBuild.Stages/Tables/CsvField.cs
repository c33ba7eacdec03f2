using System.Text;
using System.Text.Unicode;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Reads the text of one column into a row.</summary>
internal abstract class CsvField<TRow>(Column<TRow> column)
    where TRow : class
{
    public string Column => column.Name;

    /// <summary>What a bad value should have been, for <see cref="RowFault.Reason"/>.</summary>
    public string Expected { get; } = column.Type switch
    {
        ColumnType.Boolean => "expected true or false",
        ColumnType.Int32 => "expected a whole number of 32 bits",
        ColumnType.Int64 => "expected a whole number of 64 bits",
        ColumnType.Double => "expected a finite number",
        ColumnType.String => "expected text in UTF-8",
        ColumnType.DateTime => "expected a time as yyyy-MM-dd HH:mm:ss",
        _ => throw new InvalidOperationException($"BUG: no CSV field for a column of type {column.Type}."),
    };

    /// <summary>Sets the row's property. An empty text is an absent value.</summary>
    /// <returns>False where the text is no value of the column.</returns>
    public abstract bool TryRead(ReadOnlySpan<byte> text, TRow row);

    public static CsvField<TRow> For(Column<TRow> column) => column switch
    {
        Column<TRow, bool> c => new Required<bool>(c, FieldText.TryBoolean),
        Column<TRow, bool?> c => new Optional<bool>(c, FieldText.TryBoolean),
        Column<TRow, int> c => new Required<int>(c, FieldText.TryInt32),
        Column<TRow, int?> c => new Optional<int>(c, FieldText.TryInt32),
        Column<TRow, long> c => new Required<long>(c, FieldText.TryInt64),
        Column<TRow, long?> c => new Optional<long>(c, FieldText.TryInt64),
        Column<TRow, double> c => new Required<double>(c, FieldText.TryDouble),
        Column<TRow, double?> c => new Optional<double>(c, FieldText.TryDouble),
        Column<TRow, DateTime> c => new Required<DateTime>(c, FieldText.TryDateTime),
        Column<TRow, DateTime?> c => new Optional<DateTime>(c, FieldText.TryDateTime),
        Column<TRow, string?> c => new Text(c),
        _ => throw new InvalidOperationException($"BUG: no CSV field for column '{column}'."),
    };

    private sealed class Required<T>(Column<TRow, T> column, FieldText.TryParse<T> parse) : CsvField<TRow>(column)
        where T : struct
    {
        private readonly Action<TRow, T> _set = column.Set;

        public override bool TryRead(ReadOnlySpan<byte> text, TRow row)
        {
            if (!parse(text, out var value))
                return false;
            _set(row, value);
            return true;
        }
    }

    private sealed class Optional<T>(Column<TRow, T?> column, FieldText.TryParse<T> parse) : CsvField<TRow>(column)
        where T : struct
    {
        private readonly Action<TRow, T?> _set = column.Set;

        public override bool TryRead(ReadOnlySpan<byte> text, TRow row)
        {
            T value = default;
            if (!text.IsEmpty && !parse(text, out value))
                return false;
            _set(row, text.IsEmpty ? null : value);
            return true;
        }
    }

    private sealed class Text(Column<TRow, string?> column) : CsvField<TRow>(column)
    {
        private readonly Action<TRow, string?> _set = column.Set;
        private readonly bool _isNullable = column.IsNullable;

        public override bool TryRead(ReadOnlySpan<byte> text, TRow row)
        {
            if (text.IsEmpty ? !_isNullable : !Utf8.IsValid(text))
                return false;
            _set(row, text.IsEmpty ? null : Encoding.UTF8.GetString(text));
            return true;
        }
    }
}
