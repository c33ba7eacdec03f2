using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Parquet files that others wrote: narrower types are widened, values that do not fit are faults of their
/// rows, types that may lose something are refused.</summary>
public sealed class ReadingForeignParquet : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NarrowerTypesAreWidened()
    {
        await Write(
            Column<sbyte>("small", [-1, 2]), Column<uint>("large", [4_000_000_000, 1]),
            Column<float>("number", [1.5f, -2]),
            Column<int>("amount", [3, 4]), Times("time", DateTimeTimeUnit.Micros, Day, Day.AddMilliseconds(1)),
            Column<int>("whole", [5, 6]));
        Assert.Equal(
            [
                new Wide { Small = -1, Large = 4_000_000_000, Number = 1.5, Amount = 3, Time = Day, Whole = 5 },
                new Wide { Small = 2, Large = 1, Number = -2, Amount = 4, Time = Day.AddMilliseconds(1), Whole = 6 },
            ],
            RowFiles.Open<Wide>(_folder["a.parquet"]).Lines().Select(line => line.Row));
    }

    // Few values, many, close together and far apart are encoded differently.
    [Fact]
    public async Task ColumnsOfAnyLengthKeepEachValueInItsPlace()
    {
        var random = new Random(5);
        foreach (var count in (int[])[1, 2, 3, 7, 31, 32, 33, 127, 128, 129, 1_000, 5_000])
        {
            var limit = count % 2 == 0 ? 5 : int.MaxValue;
            int[] whole = [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
            int?[] some = [.. whole.Select(value => random.Next(3) == 0 ? null : (int?)value)];
            DateTime[] times = [.. whole.Select(value => Day.AddMilliseconds(value))];
            await Write(
                Column<short>("small", [.. whole.Select(value => (short)value)]), Column("large", whole),
                Column<float>("number", [.. whole.Select(value => value / 8f)]), Column("amount", whole),
                Times("time", DateTimeTimeUnit.Micros, times), Nullable("whole", some));
            Assert.Equal(
                whole.Select((value, i) => new Wide
                {
                    Small = (short)value,
                    Large = value,
                    Number = value / 8f,
                    Amount = value,
                    Time = times[i],
                    Whole = some[i],
                }),
                RowFiles.Open<Wide>(_folder["a.parquet"]).Lines().Select(line => line.Row));
        }
    }

    [Fact]
    public async Task ValuesThatDoNotFitAreFaultsOfTheirRows()
    {
        await Write(
            Nullable<int>("small", [1, null, 3, 4, 5]), Column<long>("large", [1, 2, 3, 4, 5]),
            Column<double>("number", [1, 2, double.NaN, 4, 5]),
            Column<decimal>("amount", [1, 2, 3, 4.125m, 5], new DecimalDataField("amount", 20, 3)),
            Times("time", DateTimeTimeUnit.Nanos, Day, Day, Day, Day, Day.AddTicks(10)),
            Column<double>("whole", [1, 2, 3, 4, 5]));
        var lines = RowFiles.Open<Wide>(_folder["a.parquet"]).Lines().ToArray();
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(line => line.Line));
        Assert.Equal(1, lines[0].Row?.Small);
        Assert.Equal(
            [
                "a.parquet row 2: column 'small' is empty, expected a whole number of 32 bits.",
                "a.parquet row 3: column 'number' is 'NaN', expected a finite number.",
                "a.parquet row 4: column 'amount' is '4.125', " +
                    "expected a number with at most 26 digits before the point and 2 behind it.",
                "a.parquet row 5: column 'time' is '2019-01-01 00:00:00.000001', " +
                    "expected a time in whole milliseconds.",
            ],
            lines[1..].Select(line => $"{line.Fault}"));
    }

    [Fact]
    public async Task TypesThatMayLoseSomethingAreRefused()
    {
        await Write(
            Column<long>("small", [1]), Column<ulong>("large", [1]), Column<long>("number", [1]),
            Column<double>("amount", [1]),
            (new DateTimeDataField("time", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Millis, false),
                (group, field) => group.WriteAsync<DateTime>(field, new[] { Day }.AsMemory())));
        Assert.Equal(
            "'a.parquet' is no table of Wide: its column 'small' is Int64, expected Int32; " +
            "its column 'large' is UInt64, expected Int64; its column 'number' is Int64, expected Double; " +
            "its column 'amount' is Double, expected Decimal(2); " +
            "its column 'time' is DateTime(Timestamp Millis UTC), expected DateTime; " +
            "it has no column 'whole' of Double?. Its columns are small, large, number, amount, time. " +
            "Change the row type, or write the file with these columns.",
            Assert.Throws<TableException>(() => RowFiles.Open<Wide>(_folder["a.parquet"])).Message);
    }

    // Each number of rows or values stands once in the footer, in one byte behind 0x16: of the file, of each column, of
    // the row group. A footer has no check sum.
    [Theory]
    [InlineData(0, 0x0E, "its row groups have 3 rows, and it says 7")]
    [InlineData(1, 0x0E, "row group 0 has 3 rows, and 7 values in column 'zone'")]
    [InlineData(-1, 0x0E, "row group 0 has 7 rows, and 3 values in column 'zone'")]
    [InlineData(-1, 0x04, "row group 0 has 2 rows, and 3 values in column 'zone'")]
    [InlineData(-1, 0x00, "row group 0 has 0 rows, and 3 values in column 'zone'")]
    [InlineData(-1, 0x07, "row group 0 has -4 rows")]
    public void AFooterWhoseCountsDifferIsRefused(int count, byte value, string reason)
    {
        var bytes = MalformedBytes.ParquetFile();
        var footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        int[] counts = [.. Enumerable.Range(footer, bytes.Length - footer)
            .Where(at => bytes[at - 1] == 0x16 && bytes[at] == 0x06)];
        bytes[counts[count < 0 ? ^-count : count]] = value;
        var path = _folder.Write("a.parquet", bytes);
        var message = $"'a.parquet' cannot be read as Parquet: {reason}. It is something else, cut off or corrupt: ";
        Assert.Equal(
            $"{message}fetch or write it again.",
            Assert.Throws<TableException>(() => RowFiles.Open<Ride>(path)).Message);
        Assert.Equal(
            $"{message}run the stage that wrote it again.",
            Assert.Throws<TableException>(() => RowTable.Read<Ride>(path)).Message);
        Assert.Throws<TableException>(() => TablePreview.Of(path, 1));
    }

    [Fact]
    public async Task ColumnsInStructuresAreRefused()
    {
        var address = new StructField("address", new DataField<string>("zip"));
        await using (var file = File.Create(_folder["a.parquet"]))
        await using (await ParquetWriter.CreateAsync(new ParquetSchema(address), file))
        {
        }
        const string message = "'a.parquet' is no table of Addressed: its column 'address/zip' is part of a " +
            "structure or list, expected String?. Change the row type, or ";
        Assert.Equal(
            $"{message}write the file with these columns.",
            Assert.Throws<TableException>(() => RowFiles.Open<Addressed>(_folder["a.parquet"])).Message);
        Assert.Equal(
            $"{message}run the stage that wrote the table again.",
            Assert.Throws<TableException>(() => RowTable.Read<Addressed>(_folder["a.parquet"])).Message);
    }

    [Fact]
    public async Task AColumnThatWasRenamedIsGuessed()
    {
        await Write(Column<double>("Fare", [1]), Column<int>("riders", [1]), Column<int>("zone_id", [1]));
        Assert.Equal(
            "'a.parquet' is no table of Ride: it has no column 'zone' of String; it has no column 'fare' of Double; " +
            "its column 'riders' is Int32, expected Int32?. " +
            "Were they renamed: 'zone' to 'zone_id', 'fare' to 'Fare'? " +
            "Its columns are Fare, riders, zone_id. Change the row type, or run the stage that wrote the table again.",
            Assert.Throws<TableException>(() => RowTable.Read<Ride>(_folder["a.parquet"])).Message);
        Assert.Equal(
            "'a.parquet' is no table of Ride: it has no column 'zone' of String; it has no column 'fare' of Double. " +
            "Were they renamed: 'zone' to 'zone_id', 'fare' to 'Fare'? " +
            "Its columns are Fare, riders, zone_id. Change the row type, or write the file with these columns.",
            Assert.Throws<TableException>(() => RowFiles.Open<Ride>(_folder["a.parquet"])).Message);
    }

    [Fact]
    public async Task TextsAreThoseThatOtherFormatsAccept()
    {
        string[] zones = ["Bronx", "Bro\0nx", "\uFEFFBronx", "Bro\uFFFDnx", "Bro\uFEFFnx"];
        await Write(
            (new DataField<string>("zone"), (group, field) => group.WriteAsync(field, zones)),
            Column<double>("fare", [1, 2, 3, 4, 5]), Nullable<int>("riders", [1, 2, 3, 4, 5]));
        var lines = RowFiles.Open<Ride>(_folder["a.parquet"]).Lines().ToArray();
        Assert.Equal([1.0, null, null, null, 5], lines.Select(line => line.Row?.Fare));
        Assert.All(lines[1..4], line => Assert.Equal(
            $"a.parquet row {line.Line}: column 'zone' is {ValueText.Quoted(zones[line.Line - 1])}, expected text " +
            "without zeros, byte order mark or U+FFFD, which stands for bytes that are not UTF-8.",
            $"{line.Fault}"));
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.LZ4)]
    [InlineData(CompressionMethod.Brotli)]
    public async Task AnyCodec(CompressionMethod method)
    {
        await using (var file = File.Create(_folder["a.parquet"]))
        {
            DataField[] fields = [new DataField<string>("zone", true), new DataField<double>("fare"),
                new DataField<int?>("riders")];
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file,
                new() { CompressionMethod = method });
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(fields[0], Enumerable.Range(0, 1000).Select(i => $"zone {i % 3}").ToArray());
            await group.WriteAsync<double>(fields[1], Enumerable.Range(0, 1000).Select(i => i / 2.0).ToArray());
            await group.WriteAsync<int>(fields[2], Enumerable.Range(0, 1000).Select(i => (int?)i).ToArray());
        }
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => new Ride { Zone = $"zone {i % 3}", Fare = i / 2.0, Riders = i }),
            RowFiles.Open<Ride>(_folder["a.parquet"]).Lines().Select(line => line.Row));
    }

    [Fact]
    public async Task AGroupLargerThanABatchComesInBatches()
    {
        await Write(
            Column<int>("small", [.. Enumerable.Range(0, 150_000)]), Column<long>("large", new long[150_000]),
            Column<float>("number", new float[150_000]), Column<int>("amount", new int[150_000]),
            Times("time", DateTimeTimeUnit.Millis, [.. Enumerable.Repeat(Day, 150_000)]),
            Column<double>("whole", new double[150_000]));
        using var pass = RowFiles.Open<Wide>(_folder["a.parquet"]).Begin(new() { Wants = line => line != 2 });
        var counts = new List<int>();
        while (pass.Next())
            counts.Add(pass.Batch.Count);
        Assert.Equal([65_535, 65_536, 18_928], counts);
    }

    private static readonly DateTime Day = new(2019, 1, 1);

    private static (DataField, Func<ParquetRowGroupWriter, DataField, Task>) Column<T>(
        string name, T[] values, DataField? field = null) where T : struct =>
        (field ?? new DataField<T>(name), (group, own) => group.WriteAsync<T>(own, values.AsMemory()));

    private static (DataField, Func<ParquetRowGroupWriter, DataField, Task>) Nullable<T>(string name, T?[] values)
        where T : struct =>
        (new DataField<T?>(name), (group, own) => group.WriteAsync<T>(own, values.AsMemory()));

    private static (DataField, Func<ParquetRowGroupWriter, DataField, Task>) Times(
        string name, DateTimeTimeUnit unit, params DateTime[] values) =>
        Column(name, values, new DateTimeDataField(name, DateTimeFormat.Timestamp, false, unit, false));

    private async Task Write(params (DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Values)[] columns)
    {
        await using var file = File.Create(_folder["a.parquet"]);
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(column => column.Field)), file);
        using var group = writer.CreateRowGroup();
        foreach (var (field, values) in columns)
            await values(group, field);
    }

    private sealed record Addressed
    {
        [Column("address/zip")] public string? Zip { get; set; }
    }

    private sealed record Wide
    {
        [Column("small")] public int Small { get; set; }
        [Column("large")] public long Large { get; set; }
        [Column("number")] public double Number { get; set; }
        [Column("amount", Scale = 2)] public decimal Amount { get; set; }
        [Column("time")] public DateTime Time { get; set; }
        [Column("whole")] public double? Whole { get; set; }
    }
}
