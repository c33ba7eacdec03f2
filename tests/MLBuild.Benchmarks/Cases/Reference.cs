using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Benchmarks.Cases;

/// <summary>The least that turning taxi trips into Parquet takes: fields are read as what they are said to be, nothing
/// is checked, and 65,536 rows at a time are written with Snappy.</summary>
internal static class Reference
{
    private const int RowsPerGroup = 65_536;

    // w: whole, w?: whole or absent, n and n?: number, t: time, s?: text or absent.
    private static readonly (string Name, string Kind)[] Columns =
    [
        ("vendor_id", "w?"), ("pickup_datetime", "t"), ("dropoff_datetime", "t"), ("passenger_count", "w?"),
        ("trip_distance", "n"), ("rate_code_id", "w?"), ("store_and_fwd_flag", "s?"), ("pickup_location_id", "w"),
        ("dropoff_location_id", "w"), ("payment_type", "w?"), ("fare_amount", "n"), ("extra", "n"), ("mta_tax", "n"),
        ("tip_amount", "n"), ("tolls_amount", "n"), ("improvement_surcharge", "n"), ("total_amount", "n"),
        ("congestion_surcharge", "n?"),
    ];

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(power => Math.Pow(10, power))];

    public static async Task Run(string from, string to)
    {
        var columns = Columns.Select(Of).ToArray();
        using var reader = CsvReader.FromFile(from, new CsvReaderOptions { Separator = ',', BufferSize = 1 << 18 });
        reader.ReadHeader();
        await using var file = File.Create(to);
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(column => column.Field)), file, new ParquetOptions
            {
                CompressionMethod = CompressionMethod.Snappy,
                CompressionLevel = CompressionLevel.Fastest,
            });
        for (var (count, more) = (0, true); more;)
        {
            more = reader.Read();
            for (var i = 0; more && i < columns.Length; i++)
                columns[i].Read(reader.GetSpan(i), count);
            count += more ? 1 : 0;
            if (count < RowsPerGroup && (more || count == 0))
                continue;
            using var group = writer.CreateRowGroup();
            foreach (var column in columns)
                await column.Write(group, count);
            group.CompleteValidate();
            count = 0;
        }
    }

    private abstract class Column(DataField stored)
    {
        public DataField Field => stored;

        public abstract void Read(ReadOnlySpan<byte> text, int row);

        public abstract Task Write(ParquetRowGroupWriter group, int count);
    }

    private delegate T Parse<T>(ReadOnlySpan<byte> text);

    private sealed class Required<T>(DataField field, Parse<T> parse) : Column(field)
        where T : struct
    {
        private readonly T[] _values = new T[RowsPerGroup];

        public override void Read(ReadOnlySpan<byte> text, int row) => _values[row] = parse(text);

        public override Task Write(ParquetRowGroupWriter group, int count) =>
            group.WriteAsync<T>(Field, _values.AsMemory(0, count));
    }

    private sealed class Optional<T>(DataField field, Parse<T> parse) : Column(field)
        where T : struct
    {
        private readonly T?[] _values = new T?[RowsPerGroup];

        public override void Read(ReadOnlySpan<byte> text, int row) =>
            _values[row] = text.IsEmpty ? null : parse(text);

        public override Task Write(ParquetRowGroupWriter group, int count) =>
            group.WriteAsync<T>(Field, _values.AsMemory(0, count));
    }

    private sealed class Letter(DataField field) : Column(field)
    {
        private readonly string?[] _values = new string?[RowsPerGroup];

        public override void Read(ReadOnlySpan<byte> text, int row) => _values[row] = text switch
        {
            [] => null,
            [(byte)'N'] => "N",
            [(byte)'Y'] => "Y",
            _ => Encoding.UTF8.GetString(text),
        };

        public override Task Write(ParquetRowGroupWriter group, int count) =>
            group.WriteAsync(Field, new ArraySegment<string>(_values!, 0, count));
    }

    private static Column Of((string Name, string Kind) column) => column.Kind switch
    {
        "w" => new Required<int>(new DataField<int>(column.Name), Whole),
        "w?" => new Optional<int>(new DataField<int?>(column.Name), Whole),
        "n" => new Required<double>(new DataField<double>(column.Name), Number),
        "n?" => new Optional<double>(new DataField<double?>(column.Name), Number),
        "t" => new Required<DateTime>(
            new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, false, DateTimeTimeUnit.Millis, false), Time),
        _ => new Letter(new DataField<string>(column.Name, true)),
    };

    private static int Whole(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int value, out _) ? value : 0;

    private static double Number(ReadOnlySpan<byte> text)
    {
        var (mantissa, decimals) = (0L, -1);
        foreach (var c in text)
        {
            if (c == '.')
                decimals = 0;
            else if (c != '-')
                (mantissa, decimals) = (mantissa * 10 + (c - '0'), decimals < 0 ? -1 : decimals + 1);
        }
        var value = mantissa / PowersOfTen[Math.Max(0, decimals)];
        return text is [(byte)'-', ..] ? -value : value;
    }

    private static DateTime Time(ReadOnlySpan<byte> text) => new(
        Two(text, 0) * 100 + Two(text, 2), Two(text, 5), Two(text, 8), Two(text, 11), Two(text, 14), Two(text, 17));

    private static int Two(ReadOnlySpan<byte> text, int at) => (text[at] - '0') * 10 + text[at + 1] - '0';
}
