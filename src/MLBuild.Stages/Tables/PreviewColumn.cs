using System.Globalization;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A column of a previewed table: the texts of its current row group, and a summary of all groups so far.
/// </summary>
internal abstract class PreviewColumn(DataField column)
{
    /// <summary>What stands for an absent value, and for a summary that a type does not have.</summary>
    protected const string Nothing = "-";

    protected DataField Column => column;

    /// <summary>Reads the next row group.</summary>
    public abstract void Read(ParquetSource source, int group, int count);

    /// <summary>A value of the current row group.</summary>
    public abstract string Text(int index);

    /// <summary>Name, type, absent values, smallest, mean, largest.</summary>
    public string[] Summary() => [Column.Path.ToString(), ParquetType.Name(Column), .. Figures()];

    public static PreviewColumn For(DataField column)
    {
        if (column.Path.Length > 1 || column.MaxRepetitionLevel > 0)
            return new Unread(column);
        if (column.ClrType == typeof(ReadOnlyMemory<char>))
            return new Texts(column);
        // Numbers, times, booleans and the like; not byte strings.
        return column.ClrType.IsAssignableTo(typeof(IComparable<>).MakeGenericType(column.ClrType))
            ? (PreviewColumn)Activator.CreateInstance(typeof(Values<>).MakeGenericType(column.ClrType), column)!
            : new Unread(column);
    }

    /// <summary>Absent values, smallest, mean, largest.</summary>
    protected abstract string[] Figures();

    private sealed class Values<T>(DataField column) : PreviewColumn(column)
        where T : struct, IComparable<T>
    {
        // Two buffers: read into nullable ones, some values of a column that cannot be absent come back as null.
        private readonly ValueBuffer<T> _values = new(column);
        private readonly NullableBuffer<T> _nullables = new(column);
        private long _present;
        private long _absent;
        private T? _min;
        private T? _max;
        private double? _sum;

        public override void Read(ParquetSource source, int group, int count)
        {
            ColumnBuffer buffer = Column.IsNullable ? _nullables : _values;
            source.Read(group, reader => buffer.ReadAsync(reader, Column, count));
            for (var i = 0; i < count; i++)
            {
                if (At(i) is not { } value || value is double.NaN or float.NaN)
                {
                    _absent++;
                    continue;
                }
                _present++;
                _min = _min is { } min && min.CompareTo(value) <= 0 ? min : value;
                _max = _max is { } max && max.CompareTo(value) >= 0 ? max : value;
                _sum = Number(value) is { } number ? number + (_sum ?? 0) : null;
            }
        }

        public override string Text(int index) => Text(At(index));

        protected override string[] Figures() =>
        [
            _absent.ToString(CultureInfo.InvariantCulture),
            Text(_min),
            _sum is { } sum ? (sum / _present).ToString("G6", CultureInfo.InvariantCulture) : Nothing,
            Text(_max),
        ];

        private T? At(int index) => Column.IsNullable ? _nullables[index] : _values[index];

        private static double? Number(T value) => value switch
        {
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal or bool
                => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => null,
        };

        private static string Text(T? value) => value switch
        {
            null => Nothing,
            bool flag => flag ? "true" : "false",
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            var other => $"{other}",
        };
    }

    private sealed class Texts(DataField column) : PreviewColumn(column)
    {
        private readonly TextBuffer _values = new(column.Name);
        private long _absent;

        public override void Read(ParquetSource source, int group, int count)
        {
            source.Read(group, reader => _values.ReadAsync(reader, Column, count));
            _absent += Enumerable.Range(0, count).Count(i => _values[i] is null);
        }

        public override string Text(int index) => _values[index] ?? Nothing;

        protected override string[] Figures() =>
            [_absent.ToString(CultureInfo.InvariantCulture), Nothing, Nothing, Nothing];
    }

    /// <summary>A column of lists, structures or bytes: its type is shown and its values are not.</summary>
    private sealed class Unread(DataField column) : PreviewColumn(column)
    {
        public override void Read(ParquetSource source, int group, int count)
        {
        }

        public override string Text(int index) => "…";

        protected override string[] Figures() => ["…", "…", "…", "…"];
    }
}
