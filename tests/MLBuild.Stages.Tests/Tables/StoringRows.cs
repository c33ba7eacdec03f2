using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;
using MLBuild.Store;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Rows come back from Parquet as they went in, with their sources, in equal bytes each time.</summary>
public sealed class StoringRows : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(70_000)]
    public void EveryTypeComesBackAsItWas(int count)
    {
        Assert.Equal(count, RowTable.Write(_folder["t.parquet"], Sample.Rows(count)));
        var table = RowTable.Read<Sample>(_folder["t.parquet"]);
        Assert.Equal(count, table.RowCount);
        Assert.Equal(Sample.Rows(count), table);
        Assert.DoesNotContain(table, row => row.Row.Time.Kind != DateTimeKind.Unspecified);
    }

    [Fact]
    public void NegativeZeroKeepsItsSign()
    {
        RowTable.Write<Sample>(_folder["t.parquet"], [new(new() { Number = -0.0 }, "a.csv", 2)]);
        Assert.True(double.IsNegative(RowTable.Read<Sample>(_folder["t.parquet"]).Single().Row.Number));
    }

    private sealed class Note
    {
        [Column("text")] public string? Text { get; set; }
    }

    // Few texts, texts that are all different, long ones, none, and empty ones: stored as dictionaries and plain.
    [Theory]
    [InlineData(3, 5)]
    [InlineData(100_000, 5)]
    [InlineData(40, 100)]
    [InlineData(1, 0)]
    public void TextsComeBackAsTheyWere(int different, int length)
    {
        var texts = Enumerable.Range(0, 70_000)
            .Select(i => i % 11 == 0 ? null : i % 13 == 0 ? "" : $"{i % different}".PadLeft(length, '\u00e9'))
            .ToArray();
        RowTable.Write(
            _folder["t.parquet"],
            texts.Select((text, i) => new SourceRow<Note>(new() { Text = text }, "a.csv", i + 2)));
        Assert.Equal(texts, RowTable.Read<Note>(_folder["t.parquet"]).Select(row => row.Row.Text));
    }

    // A string of its own for each of a million values takes the collector longer than reading them.
    [Fact]
    public void ShortTextsThatComeAgainAreOneString()
    {
        RowTable.Write<Note>(
            _folder["t.parquet"],
            Enumerable.Range(0, 9).Select(i => new SourceRow<Note>(new() { Text = $"{i % 3}" }, "a.csv", i + 2)));
        var rows = RowTable.Read<Note>(_folder["t.parquet"]).ToArray();
        Assert.Same(rows[0].Row.Text, rows[3].Row.Text);
        Assert.Same(rows[0].File, rows[8].File);
    }

    [Fact]
    public void EqualRowsGiveEqualBytes()
    {
        RowTable.Write(_folder["1.parquet"], Sample.Rows(10_000));
        RowTable.Write(_folder["2.parquet"], RowTable.Read<Sample>(_folder["1.parquet"]));
        Assert.Equal(File.ReadAllBytes(_folder["1.parquet"]), File.ReadAllBytes(_folder["2.parquet"]));
    }

    // The bytes hold the version of Parquet.Net: a new one changes this hash, and every table that is cached.
    [Fact]
    public void TheBytesAreTheSameInEveryProcess()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(1_000));
        Assert.Equal(
            "74c44f1028fce7d2e2188c4011ad8ab98bddeeb4983094f4d5868d9972409525",
            ContentHash.Of(File.ReadAllBytes(_folder["t.parquet"])).Hex);
    }

    [Fact]
    public async Task GroupsAndTypesAreThoseThatOtherReadersTrust()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(140_000));
        await using var reader = await ParquetReader.CreateAsync(_folder["t.parquet"]);
        Assert.Equal([65_536, 65_536, 8_928], reader.RowGroups.Select(group => group.RowCount));
        var time = Assert.IsType<DateTimeDataField>(reader.Schema.FindDataField("time"));
        Assert.Equal(
            (DateTimeFormat.Timestamp, DateTimeTimeUnit.Millis, false, false),
            (time.DateTimeFormat, time.Unit, time.IsAdjustedToUTC, time.IsNullable));
        var statistics = reader.RowGroups[0].GetStatistics(time)!;
        var times = Sample.Rows(65_536).Select(row => (long)(row.Row.Time - DateTime.UnixEpoch).TotalMilliseconds);
        Assert.Equal((times.Min(), times.Max()), (statistics.MinValue, statistics.MaxValue));
        Assert.Equal(
            ["flag_or_none", "small_or_none", "large_or_none", "number_or_none", "money_or_none", "time_or_none",
                "text_or_none"],
            reader.Schema.DataFields.Where(field => field.IsNullable).Select(field => field.Name));
        Assert.All(
            reader.Metadata!.RowGroups.SelectMany(group => group.Columns),
            column => Assert.Equal(Parquet.Meta.CompressionCodec.SNAPPY, column.MetaData!.Codec));
    }

    // Six of 3 Mi characters are more than 16 Mi.
    [Fact]
    public async Task LongTextsEndAGroupEarlyHoweverTheRowsCome()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new SourceRow<Ride>(
            new() { Zone = new string('x', 3 << 20), Fare = i }, "a.csv", i + 2)).ToArray();
        RowTable.Write(_folder["t.parquet"], rows);
        await using (var reader = await ParquetReader.CreateAsync(_folder["t.parquet"]))
            Assert.Equal([6, 6, 6, 2], reader.RowGroups.Select(group => group.RowCount));
        foreach (var size in (int[])[1, 4, 6, 20])
        {
            using var writer = new RowTableWriter<Ride>(_folder["batches.parquet"]);
            var batch = new RowBatch<Ride>();
            foreach (var chunk in rows.Chunk(size))
            {
                batch.Clear();
                foreach (var row in chunk)
                    batch.Add(row.Row, row.File, row.Line);
                writer.Add(batch);
            }
            writer.Complete();
            Assert.Equal(File.ReadAllBytes(_folder["t.parquet"]), File.ReadAllBytes(_folder["batches.parquet"]));
        }
    }

    [Fact]
    public void EachEnumerationReadsTheFileAnew()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(3));
        var table = RowTable.Read<Sample>(_folder["t.parquet"]);
        Assert.Equal(table.ToList(), table.ToList());
    }

    [Fact]
    public void AnUnfinishedTableIsNoFile()
    {
        using (var writer = new RowTableWriter<Sample>(_folder["t.parquet"]))
        {
            foreach (var row in Sample.Rows(70_000))
                writer.Add(row);
        }
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void AFaultOfTheRowsLeavesNoFile()
    {
        Assert.Throws<FormatException>(() => RowTable.Write(_folder["t.parquet"], Failing()));
        Assert.Empty(_folder.Files);

        static IEnumerable<SourceRow<Sample>> Failing()
        {
            foreach (var row in Sample.Rows(70_000))
                yield return row;
            throw new FormatException();
        }
    }

    [Fact]
    public void ATableOfOthersNamesItsRowsByPosition()
    {
        WriteForeign(
            new DataField<string>("zone", false), new DataField<double>("fare"), new DataField<int?>("riders"));
        Assert.Equal(
            [
                new(new Ride { Zone = "Queens", Fare = 12.5, Riders = 2 }, "foreign.parquet", 1),
                new(new Ride { Zone = "Bronx", Fare = 7 }, "foreign.parquet", 2),
            ],
            RowTable.Read<Ride>(_folder["foreign.parquet"]));
    }

    [Fact]
    public void EveryColumnThatDoesNotFitIsNamed()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(3));
        Assert.Equal(
            "'t.parquet' is no table of OtherSample: its column 'flag' is Boolean, expected String; "
            + "its column 'small' is Int32, expected Int32?; "
            + "its column 'time_or_none' is DateTime?, expected DateTime; it has no column 'zone' of String?. "
            + "Were they renamed: 'zone' to 'money'? "
            + "Its columns are flag, flag_or_none, small, small_or_none, large, large_or_none, number, number_or_none, "
            + "money, money_or_none, time, time_or_none, text, text_or_none, source_file, source_line. "
            + "Change the row type, or run the stage that wrote the table again.",
            Assert.Throws<TableException>(() => RowTable.Read<OtherSample>(_folder["t.parquet"])).Message);
    }

    [Fact]
    public void TimesInAnotherUnitDoNotFit()
    {
        WriteForeign(new DateTimeDataField("time", DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Micros, false));
        Assert.Equal(
            "'foreign.parquet' is no table of Timed: "
            + "its column 'time' is DateTime(Timestamp Micros UTC), expected DateTime. "
            + "Change the row type, or run the stage that wrote the table again.",
            Assert.Throws<TableException>(() => RowTable.Read<Timed>(_folder["foreign.parquet"])).Message);
    }

    [Fact]
    public void AMissingFile() =>
        Assert.Equal(
            $"'t.parquet' does not exist: there is no file {_folder["t.parquet"]}.",
            Assert.Throws<TableException>(() => RowTable.Read<Sample>(_folder["t.parquet"])).Message);

    [Fact]
    public void NoParquet() =>
        Assert.Equal(
            "'t.parquet' cannot be read as Parquet: not a parquet file, head: 7A6F6E65, tail: 2C312C0A. "
            + "It is something else, cut off or corrupt: run the stage that wrote it again.",
            Assert.Throws<TableException>(() =>
                RowTable.Read<Ride>(_folder.Write("t.parquet", "zone,fare,riders\nQueens,1,\n"))).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(3_000)]
    public void ATableThatIsCutOff(int length)
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(1_000));
        _folder.Write("t.parquet", File.ReadAllBytes(_folder["t.parquet"])[..length]);
        Assert.StartsWith(
            "'t.parquet' cannot be read as Parquet: ",
            Assert.Throws<TableException>(() => RowTable.Read<Sample>(_folder["t.parquet"])).Message);
    }

    [Fact]
    public void CorruptBytesAreNeverAnotherException()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(1_000));
        var good = File.ReadAllBytes(_folder["t.parquet"]);
        var random = new Random(7);
        var faults = 0;
        for (var i = 0; i < 200; i++)
        {
            var bad = good.ToArray();
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            _folder.Write("bad.parquet", bad);
            try
            {
                Assert.Equal(1_000, RowTable.Read<Sample>(_folder["bad.parquet"]).Count());
            }
            catch (TableException)
            {
                faults++;
            }
        }
        Assert.InRange(faults, 20, 180);
    }

    [Fact]
    public void NullWhereTheTypeHasNone() =>
        Assert.Equal(
            "Column 'text' holds null, and its type says it never does. Give it a value, or make the column nullable.",
            Assert.Throws<TableException>(() =>
                RowTable.Write<Sample>(_folder["t.parquet"], [new(new() { Text = null! }, "a.csv", 2)])).Message);

    [Fact]
    public void ATimeFinerThanMilliseconds() =>
        Assert.Equal(
            "Column 'time' holds 2019-02-03 04:05:06.7890001: a table keeps milliseconds. Round it.",
            Assert.Throws<TableException>(() => RowTable.Write<Sample>(
                _folder["t.parquet"],
                [new(new() { Time = new DateTime(2019, 2, 3, 4, 5, 6, 789).AddTicks(1) }, "a.csv", 2)])).Message);

    [Fact]
    public void ADecimalOfTooManyDigits() =>
        Assert.Equal(
            "Column 'money_or_none' holds 1.005, expected at most 26 digits before the point and 2 behind it. Round " +
            "it, or give the column another Scale.",
            Assert.Throws<TableException>(() => RowTable.Write<Sample>(
                _folder["t.parquet"], [new(new() { MoneyOrNone = 1.005m }, "a.csv", 2)])).Message);

    [Fact]
    public void AColumnThatTheTableNeedsItself() =>
        Assert.Equal(
            "Sourced has a column 'source_line', where a table keeps a row's source. Rename it.",
            Assert.Throws<ArgumentException>(() => new RowTableWriter<Sourced>(_folder["t.parquet"])).Message);

    [YellowTaxiFact]
    public void ThirtyMonthsOfTaxiTripsComeBackEqual()
    {
        var rows = YellowTaxi.Months!
            .SelectMany(month => CsvRows.Read<Trip>(month)
                .Select(line => new SourceRow<Trip>(line.Row!, Path.GetFileName(month), line.Line)))
            .ToList();
        Assert.Equal(300_000, RowTable.Write(_folder["trips.parquet"], rows));
        Assert.Equal(rows.Select(Text), RowTable.Read<Trip>(_folder["trips.parquet"]).Select(Text));

        static string Text(SourceRow<Trip> row)
        {
            var values = RowSchema<Trip>.Instance.Columns.Select(column => column.Text(row.Row));
            return $"{row.File} {row.Line} {string.Join(',', values)}";
        }
    }

    // Two rows of whichever of these columns: zone, fare, riders, time.
    private void WriteForeign(params DataField[] fields) => WriteForeignAsync(fields).GetAwaiter().GetResult();

    private async Task WriteForeignAsync(DataField[] fields)
    {
        await using var file = File.Create(_folder["foreign.parquet"]);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
        using var group = writer.CreateRowGroup();
        foreach (var field in fields)
            await (field.Name switch
            {
                "zone" => group.WriteAsync(field, (string[])["Queens", "Bronx"]),
                "fare" => group.WriteAsync<double>(field, new double[] { 12.5, 7 }.AsMemory()),
                "riders" => group.WriteAsync<int>(field, new int?[] { 2, null }.AsMemory()),
                _ => group.WriteAsync<DateTime>(field, new DateTime[] { new(2019, 1, 1), new(2019, 1, 2) }.AsMemory()),
            });
    }

    private sealed class OtherSample
    {
        [Column("flag")] public string Flag { get; set; } = "";
        [Column("small")] public int? Small { get; set; }
        [Column("large")] public long Large { get; set; }
        [Column("time_or_none")] public DateTime TimeOrNone { get; set; }
        [Column("zone")] public string? Zone { get; set; }
    }

    private sealed class Timed
    {
        [Column("time")] public DateTime Time { get; set; }
    }

    private sealed class Sourced
    {
        [Column("source_line")] public long SourceLine { get; set; }
    }
}
