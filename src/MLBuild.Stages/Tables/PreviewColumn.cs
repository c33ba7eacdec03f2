using System.Globalization;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A column of a Parquet file: the values of its current row group, and figures of all groups so far.
/// </summary>
internal abstract class PreviewColumn(DataField column) : AnyColumn
{
    protected DataField Column => column;

    public override string Name { get; } = column.Path.ToString();

    public override string Type => ParquetType.Name(Column);

    /// <summary>Reads the next row group.</summary>
    /// <param name="stored">How many rows it has.</param>
    /// <param name="count">How many of them, the first ones, count.</param>
    public abstract void Read(ParquetSource source, int group, int stored, int count);

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

        public override void Read(ParquetSource source, int group, int stored, int count)
        {
            ColumnBuffer buffer = Column.IsNullable ? _nullables : _values;
            source.Read(group, reader => buffer.ReadAsync(reader, Column, stored));
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

        public override bool IsAbsent(int row) => At(row) is null or double.NaN or float.NaN;

        public override string Text(int row) => Text(At(row));

        public override double? Position(int row) => At(row) switch
        {
            null or double.NaN or float.NaN => null,
            DateTime time => time.Ticks,
            { } value => Number(value),
        };

        public override bool IsTime => typeof(T) == typeof(DateTime);

        public override ulong Hash(int row) => At(row) switch
        {
            null => Mix(1),
            bool flag => Mix(flag ? 3UL : 2UL),
            int number => Mix(unchecked((ulong)number) ^ 0x9E37_79B9_7F4A_7C15),
            long number => Mix(unchecked((ulong)number) ^ 0x9E37_79B9_7F4A_7C15),
            float number => Mix(BitConverter.DoubleToUInt64Bits(number + 0.0) ^ 0x9E37_79B9_7F4A_7C15),
            double number => Mix(BitConverter.DoubleToUInt64Bits(number + 0.0) ^ 0x9E37_79B9_7F4A_7C15),
            DateTime time => Mix((ulong)time.Ticks),
            { } value => HashOf(Text(value)),
        };

        public override string[] Figures() =>
        [
            _absent.ToString(CultureInfo.InvariantCulture),
            Text(_min),
            _sum is { } sum ? (sum / _present).ToString("G6", CultureInfo.InvariantCulture) : Nothing,
            Text(_max),
        ];

        private T? At(int index) => Column.IsNullable ? _nullables[index] : _values[index];

        private static double? Number(T value) => value switch
        {
            double number => number,
            long number => number,
            int number => number,
            float number => number,
            bool flag => flag ? 1 : 0,
            sbyte or byte or short or ushort or uint or ulong or decimal
                => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => null,
        };

        private static string Text(T? value) => value switch
        {
            null => Nothing,
            bool flag => flag ? "true" : "false",
            DateTime time => TimeText(time),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            var other => $"{other}",
        };
    }

    private sealed class Texts(DataField column) : PreviewColumn(column)
    {
        private readonly TextBuffer _values = new(column.Name);
        private long _absent;

        public override void Read(ParquetSource source, int group, int stored, int count)
        {
            source.Read(group, reader => _values.ReadAsync(reader, Column, stored));
            _absent += Enumerable.Range(0, count).Count(i => _values[i] is null);
        }

        public override bool IsAbsent(int row) => _values[row] is null;

        public override string Text(int row) => _values[row] ?? Nothing;

        public override bool IsTime => false;

        public override double? Position(int row) => null;

        public override ulong Hash(int row) => _values[row] is { } text ? HashOf(text) : Mix(1);

        public override string[] Figures() =>
            [_absent.ToString(CultureInfo.InvariantCulture), Nothing, Nothing, Nothing];
    }

    /// <summary>A column of lists, structures or bytes: its type is shown and its values are not.</summary>
    private sealed class Unread(DataField column) : PreviewColumn(column)
    {
        public override void Read(ParquetSource source, int group, int stored, int count)
        {
        }

        public override bool IsAbsent(int row) => false;

        public override string Text(int row) => "…";

        public override bool IsTime => false;

        public override double? Position(int row) => null;

        public override ulong Hash(int row) => 0;

        public override string[] Figures() => ["…", "…", "…", "…"];
    }
}
