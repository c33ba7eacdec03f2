using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Tables;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>The text that shows a table to a person.</summary>
public sealed class PreviewingTables : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ATableOfRows()
    {
        RowTable.Write<Ride>(_folder["rides.parquet"],
        [
            new(new() { Zone = "Queens", Fare = 12.5, Riders = 2 }, "2019-02.csv", 2),
            new(new() { Zone = "Bronx\nWest", Fare = 7 }, "2019-02.csv", 3),
            new(new() { Zone = "Newark Liberty International Airport, Gate B", Fare = -0.25, Riders = 1 }, "b.csv", 7),
        ]);
        Assert.Equal(
            """
            rows 3, columns 5, row groups 1

            column       type    absent  min    mean     max   distinct  most frequent
            zone         String       0  -      -        -            3  -
            fare         Double       0  -0.25  6.41667  12.5         3  -
            riders       Int32?       1  1      1.5      2            2  -
            source_file  String       0  -      -        -            2  2019-02.csv (66.7 %)
            source_line  Int64        0  2      4        7            3  -

            zone        fare  riders  source_file  source_line
            Queens      12.5  2       2019-02.csv  2
            Bronx West  7     -       2019-02.csv  3

            """,
            TablePreview.Of(_folder["rides.parquet"], rows: 2));
        Assert.Contains(
            "\nNewark Liberty International Airport, G…  -0.25  1 ",
            TablePreview.Of(_folder["rides.parquet"], rows: 3));
    }

    [Fact]
    public void AllTypesOverTwoRowGroups()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(70_000));
        Assert.Equal(
            """
            rows 70,000, columns 16, row groups 2

            column          type         absent  min                            mean
            flag            Boolean           0  false                          0.333343
            flag_or_none    Boolean?     17,500  false                          0.333333
            small           Int32             0  -2147483647                    -1.07371E+09
            small_or_none   Int32?       14,000  -69999                         -35000
            large           Int64             0  9223372036854705808            9.22337E+18
            large_or_none   Int64?       23,334  -9223372036854775807           -9.22337E+18
            number          Double            0  0                              4999.93
            number_or_none  Double?      35,000  -0                             0
            money           Decimal(8)        0  -5000                          4.32043E+07
            money_or_none   Decimal(2)?  23,333  99999999999999999999930000.99  1E+26
            time            DateTime          0  1969-12-31 23:59:59.001        -
            time_or_none    DateTime?    11,667  2019-03-10 02:31:00            -
            text            String            0  -                              -
            text_or_none    String?      17,500  -                              -
            source_file     String            0  -                              -
            source_line     Int64             0  2                              35001.5

            column          max                            distinct  most frequent
            flag            true                                  2  false (66.7 %)
            flag_or_none    true                                  2  false (50 %)
            small           69998                           ~70,000  -
            small_or_none   -1                              ~56,000  -
            large           9223372036854775807             ~70,000  -
            large_or_none   -9223372036854705810            ~46,666  -
            number          9999.857142857143               ~68,616  -
            number_or_none  5E-324                                2  -0 (25 %)
            money           86413517.81820877               ~69,397  -
            money_or_none   99999999999999999999999999.99   ~46,667  -
            time            1972-03-21 03:50:09.018         ~70,000  -
            time_or_none    2019-04-27 17:09:00             ~58,333  -
            text            -                                   261   (14.3 %)
            text_or_none    -                               ~17,753  -
            source_file     -                                     2  a.csv (50 %)
            source_line     70001                           ~69,697  -

            """,
            string.Concat(TablePreview.Read(_folder["t.parquet"], "t.parquet", rows: 0)
                .Lines(new(100, HasColours: false)).Select(line => $"{line}\n")));
    }

    [Fact]
    public void OfALargeTableTheFirstRowsAreLookedAt()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(70_000));
        RowTable.Write(_folder["first.parquet"], Sample.Rows(70_000).Take(500));
        var look = Read("t.parquet", 16 * 500);
        Assert.Equal((70_000, 500), (look.Rows, look.RowsLookedAt));
        Assert.Equal(
            [
                "rows 70,000, columns 16, row groups 2",
                "figures of the first 500 rows; --in-full looks at all 1,120,000 values, some 1 s",
                "",
            ], look.Lines(Page.Endless).Take(3));
        Assert.Equal(Read("first.parquet", long.MaxValue).Lines(Page.Endless).Skip(2),
            look.Lines(Page.Endless).Skip(3));
        // Some groups whole, and one in part.
        Assert.Equal(65_636, Read("t.parquet", 16 * 65_636).RowsLookedAt);
        Assert.Equal(Read("t.parquet", long.MaxValue).Lines(Page.Endless),
            Read("t.parquet", 16 * 70_000).Lines(Page.Endless));
    }

    [Fact]
    public void HowManyRowsALargeTextHasIsNotKnown()
    {
        _folder.Write("t.csv", "a,b\n1,x\n2,y\n3,z\n");
        Assert.Equal(
            [
                "rows more than 2, columns 2", "figures of the first 2 rows; --in-full looks at all", "",
                "column  type    absent  min  mean  max  distinct  most frequent",
                "a       number       0  1    1.5   2           2  -",
            ], Read("t.csv", 4).Lines(Page.Endless).Take(5));
        Assert.Null(Read("t.csv", 4).Rows);
        Assert.Equal(3, Read("t.csv", 6).Rows);
        Assert.Equal(3, Read("t.csv", 7).Rows);
    }

    private TablePreview Read(string name, long mostValues) =>
        TablePreview.Read(_folder[name], name, rows: 1, mostValues);

    [Fact]
    public void AFeatureTableWhereNotANumberIsAbsent()
    {
        using (var writer = new FeatureTableWriter(_folder["f.parquet"], ["hour=1"], ["borough"]))
        {
            writer.Add([float.NaN], 12.5, "a", ["Queens"]);
            writer.Add([0.1f], 7.5, "b", ["Bronx"]);
            writer.Complete();
        }
        Assert.Equal(
            """
            rows 2, columns 4, row groups 1

            column         type    absent  min  mean  max   distinct  most frequent
            key            String       0  -    -     -            2  -
            label          Double       0  7.5  10    12.5         2  -
            group_borough  String       0  -    -     -            2  -
            hour=1         Single       1  0.1  0.1   0.1          1  -

            key  label  group_borough  hour=1
            a    12.5   Queens         NaN
            b    7.5    Bronx          0.1

            """,
            TablePreview.Of(_folder["f.parquet"], rows: 5));
    }

    [Fact]
    public async Task ATableOfOthers()
    {
        DataField day = new DataField<DateOnly>("day"), price = new DataField<decimal?>("price");
        DataField bytes = new DataField<byte[]>("bytes"), tags = new DataField<int[]>("tags");
        var x = new DataField<double>("x");
        await using (var file = File.Create(_folder["other.parquet"]))
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(day, price, bytes, new StructField("at", x), tags), file);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<DateOnly>(day, new DateOnly[] { new(2019, 2, 3), new(2018, 1, 1) }.AsMemory());
            await group.WriteAsync<decimal>(price, new decimal?[] { 1.5m, null }.AsMemory());
            await group.WriteAsync(bytes, (byte[][])[[1], [2, 3]]);
            await group.WriteAllPartsAsync<double>(x, new double[] { 1, 2 }, new int[] { 1, 1 }, null, default);
            await group.WriteAllPartsAsync<int>(
                tags, new int[] { 1, 2, 3 }, new int[] { 1, 1, 1 }, new int[] { 0, 1, 0 }, default);
        }
        Assert.Equal(
            """
            rows 2, columns 5, row groups 1

            column  type          absent  min                  mean  max                  distinct  most frequent
            day     Date               0  2018-01-01 00:00:00  -     2019-02-03 00:00:00         2  -
            price   Decimal(18)?       1  1.5                  1.5   1.5                         1  -
            bytes   Bytes?             …  …                    …     …                           …  -
            at/x    Double             …  …                    …     …                           …  -
            tags    Int32[]?           …  …                    …     …                           …  -

            day                  price  bytes  at/x  tags
            2019-02-03 00:00:00  1.5    …      …     …
            2018-01-01 00:00:00  -      …      …     …

            """,
            TablePreview.Of(_folder["other.parquet"], rows: 5));
    }

    [Fact]
    public void ACultureChangesNothing()
    {
        RowTable.Write(_folder["t.parquet"], Sample.Rows(1_000));
        var expected = TablePreview.Of(_folder["t.parquet"], rows: 5);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            commas.NumberFormat.NumberGroupSeparator = ".";
            commas.NumberFormat.NegativeSign = "~";
            commas.DateTimeFormat.TimeSeparator = "h";
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(expected, TablePreview.Of(_folder["t.parquet"], rows: 5));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void NoParquet() =>
        Assert.StartsWith(
            "'t.parquet' cannot be read as Parquet: ",
            Assert.Throws<TableException>(() =>
                TablePreview.Of(_folder.Write("t.parquet", "a,b\n1,2\n"), rows: 5)).Message);
}
