using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Values as other programs and countries write them: read as what they are, or a fault, never something
/// else.</summary>
public sealed class ReadingOtherSpellings : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,234")]
    [InlineData("1,5")]
    [InlineData("1.234,56")]
    [InlineData("1'234.56")]
    [InlineData("1 234.56")]
    [InlineData("1\u00a0234")]
    [InlineData("1_000")]
    [InlineData("1.234.567")]
    [InlineData("١٢٣")]
    [InlineData("１２３")]
    [InlineData("१२३")]
    [InlineData("½")]
    [InlineData("²")]
    [InlineData("\u22121")]
    [InlineData("\u20131")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("(1)")]
    [InlineData("$1")]
    [InlineData("1 €")]
    [InlineData("1%")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("\t1")]
    [InlineData("0x1A")]
    [InlineData("1A")]
    [InlineData("0b1")]
    [InlineData("1e")]
    [InlineData("e5")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("1d5")]
    [InlineData("1f")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("-nan")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("inf")]
    [InlineData("∞")]
    [InlineData("#DIV/0!")]
    [InlineData("#N/A")]
    [InlineData("N/A")]
    [InlineData("NA")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("\\N")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData(".")]
    [InlineData("?")]
    [InlineData("true")]
    [InlineData("=1+1")]
    [InlineData("'1")]
    public void NoNumber(string text)
    {
        foreach (var column in (string[])["double", "int", "long", "decimal"])
            Assert.Equal(
                $"a.csv line 3: column '{column}' is {ValueText.Quoted(text)}, {Expected(column)}.",
                Read(column, text));
    }

    [Theory]
    [InlineData("int", "2147483648")]
    [InlineData("int", "-2147483649")]
    [InlineData("int", "1.5")]
    [InlineData("int", "1.")]
    [InlineData("int", "1e3")]
    [InlineData("long", "9223372036854775808")]
    [InlineData("long", "-9223372036854775809")]
    [InlineData("long", "99999999999999999999999999")]
    [InlineData("long", "1.0000000000000000001")]
    [InlineData("decimal", "1.005")]
    [InlineData("decimal", "0.00000000000000000000000000000000000001")]
    [InlineData("decimal", "1.000000000000000000000000000000000001")]
    [InlineData("decimal", "100000000000000000000000000")]
    [InlineData("decimal", "1e3")]
    [InlineData("time", "2019-02-29 00:00:00")]
    [InlineData("time", "1900-02-29 00:00:00")]
    [InlineData("time", "2019-13-01 00:00:00")]
    [InlineData("time", "2019-00-01 00:00:00")]
    [InlineData("time", "2019-04-31 00:00:00")]
    [InlineData("time", "2019-01-01 24:00:00")]
    [InlineData("time", "2016-12-31 23:59:60")]
    [InlineData("time", "2019-01-01 00:60:00")]
    [InlineData("time", "0000-01-01 00:00:00")]
    [InlineData("time", "10000-01-01 00:00:00")]
    [InlineData("time", "-001-01-01 00:00:00")]
    [InlineData("time", "01/02/2019 00:00:00")]
    [InlineData("time", "02.01.2019 00:00:00")]
    [InlineData("time", "2019/01/02 00:00:00")]
    [InlineData("time", "20190102 000000")]
    [InlineData("time", "2019-1-2 0:00:00")]
    [InlineData("time", "2019-01-02")]
    [InlineData("time", "2019-01-02 00:00")]
    [InlineData("time", "2019-01-02 12:00:00 AM")]
    [InlineData("time", "2019-01-02T00:00:00Z")]
    [InlineData("time", "2019-01-02T00:00:00+01:00")]
    [InlineData("time", "2019-01-02 00:00:00 UTC")]
    [InlineData("time", "2019-01-02 00:00:00.")]
    [InlineData("time", "2019-01-02 00:00:00,5")]
    [InlineData("time", "2019-01-02 00:00:00.0001")]
    [InlineData("time", "2019-01-02  00:00:00")]
    [InlineData("time", "1546387200")]
    [InlineData("time", "43467.5")]
    [InlineData("time", "Jan 2 2019 00:00:00")]
    [InlineData("time", "２０１９-01-02 00:00:00")]
    [InlineData("bool", "wahr")]
    [InlineData("bool", "oui")]
    [InlineData("bool", "on")]
    [InlineData("bool", "2")]
    [InlineData("bool", "-1")]
    [InlineData("bool", "1.0")]
    [InlineData("bool", " true")]
    [InlineData("bool", "null")]
    public void NoValue(string column, string text) =>
        Assert.Equal($"a.csv line 3: column '{column}' is '{text}', {Expected(column)}.", Read(column, text));

    [Theory]
    [InlineData("double", "+1", "1")]
    [InlineData("double", "007", "7")]
    [InlineData("double", "-0", "-0")]
    [InlineData("double", ".5", "0.5")]
    [InlineData("double", "1.", "1")]
    [InlineData("double", "1E5", "100000")]
    [InlineData("double", "0e999", "0")]
    [InlineData("double", "5e-324", "5E-324")]
    [InlineData("double", "123456789012345678901234567890", "1.2345678901234568E+29")]
    [InlineData("double", "0.1000000000000000055511151231257827", "0.1")]
    [InlineData("int", "007", "7")]
    [InlineData("int", "+1", "1")]
    [InlineData("int", "-0", "0")]
    [InlineData("int", "1.0", "1")]
    [InlineData("int", "-2147483648", "-2147483648")]
    [InlineData("long", "9223372036854775807", "9223372036854775807")]
    [InlineData("decimal", "1.50000000000000000000000000000000000000", "1.5")]
    [InlineData("decimal", "-0.01", "-0.01")]
    [InlineData("time", "2019-01-02T03:04:05.6", "2019-01-02 03:04:05.6")]
    [InlineData("time", "2000-02-29 00:00:00", "2000-02-29 00:00:00")]
    [InlineData("time", "9999-12-31 23:59:59.999", "9999-12-31 23:59:59.999")]
    [InlineData("time", "0001-01-01 00:00:00.000000", "0001-01-01 00:00:00")]
    [InlineData("bool", "TRUE", "true")]
    [InlineData("bool", "N", "false")]
    [InlineData("text", " null ", " null ")]
    [InlineData("text", "=HYPERLINK(1)", "=HYPERLINK(1)")]
    [InlineData("text", "e\u0301", "e\u0301")]
    public void AValue(string column, string text, string value) => Assert.Equal(value, Read(column, text));

    private static string Expected(string column) => column switch
    {
        "double" => "expected a finite number",
        "int" => "expected a whole number of 32 bits",
        "long" => "expected a whole number of 64 bits",
        "decimal" =>
            "expected a number with at most 26 digits before the point and 2 behind it, without an exponent",
        "time" => "expected a time as yyyy-MM-dd HH:mm:ss",
        "bool" => "expected true or false",
        _ => throw new ArgumentException(column),
    };

    private string Read(string column, string text)
    {
        var columns = RowSchema<Values>.Instance.Columns;
        var line = string.Join(',', columns.Select(own => own.Name == column ? $"\"{text}\"" : ""));
        var path = _folder.Write("a.csv",
            $"{string.Join(',', columns.Select(own => own.Name))}\n{new string(',', columns.Count - 1)}\n{line}\n");
        var read = RowFiles.Open<Values>(path).Lines().ToArray();
        Assert.Equal([2, 3], read.Select(row => row.Line));
        return read[1].Fault?.ToString() ?? RowSchema<Values>.Instance.Find(column)!.Text(read[1].Row!)!;
    }

    private sealed class Values
    {
        [Column("double")] public double? Double { get; set; }
        [Column("int")] public int? Int { get; set; }
        [Column("long")] public long? Long { get; set; }
        [Column("decimal", Scale = 2)] public decimal? Decimal { get; set; }
        [Column("time")] public DateTime? Time { get; set; }
        [Column("bool")] public bool? Bool { get; set; }
        [Column("text")] public string? Text { get; set; }
    }
}
