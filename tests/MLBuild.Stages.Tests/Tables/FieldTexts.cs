using System.Globalization;
using System.Text;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>What text is a value of which type.</summary>
public sealed class FieldTexts
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("-7", -7)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("1.0", 1)]
    [InlineData("-3.000", -3)]
    [InlineData("0.0", 0)]
    [InlineData("1.5", null)]
    [InlineData("1.", null)]
    [InlineData("1.0x", null)]
    [InlineData(".0", null)]
    [InlineData("1e3", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1,000", null)]
    [InlineData("4o", null)]
    [InlineData("2147483648", null)]
    public void WholeNumbers(string text, int? expected) => Assert.Equal(expected, Read(text, "i").Row?.I);

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808.0", long.MinValue)]
    [InlineData("9007199254740993.0", 9007199254740993)]
    [InlineData("9223372036854775808", null)]
    public void LongWholeNumbers(string text, long? expected) => Assert.Equal(expected, Read(text, "l").Row?.L);

    [Theory]
    [InlineData("12.54", "12.54")]
    [InlineData("-0.30", "-0.3")]
    [InlineData("1.999", null)]
    [InlineData("1.990000", "1.99")]
    [InlineData("99999999999999999999999999.99", "99999999999999999999999999.99")]
    [InlineData("100000000000000000000000000", null)]
    [InlineData("1e3", null)]
    [InlineData("1,5", null)]
    [InlineData(" 1", null)]
    public void DecimalsKeepTheirDigitsOrAreNoValues(string text, string? expected) => Assert.Equal(
        expected is null ? null : decimal.Parse(expected, CultureInfo.InvariantCulture), Read(text, "m").Row?.M);

    [Theory]
    [InlineData("12.54")]
    [InlineData("-0.3")]
    [InlineData("429490.20")]
    [InlineData("0.1")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("0.30000000000000004")]
    [InlineData("0.9007199254740993")]
    [InlineData("90071992547409.99")]
    [InlineData("1.7976931348623157E+308")]
    [InlineData("5e-324")]
    [InlineData("0.0000000000000000000001")]
    [InlineData("0.00000000000000000000001")]
    [InlineData("123456789012345678901234567890.5")]
    [InlineData("+.5")]
    [InlineData("5.")]
    [InlineData("-0.0")]
    public void DoublesAreTheNearest(string text)
    {
        var expected = double.Parse(text, CultureInfo.InvariantCulture);
        var actual = Assert.NotNull(Read(text, "d").Row?.D);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
    }

    [Fact]
    public void EveryShortDecimalIsTheNearest()
    {
        var random = new Random(20180101);
        var texts = Enumerable.Range(0, 100_000).Select(_ => ShortDecimal(random)).ToList();
        using var folder = new TempFolder();
        var path = folder.Write("d.csv", $"b,i,l,d,m,t\n{string.Concat(texts.Select(text => $",,,{text},,\n"))}");
        Assert.Equal(texts.Select(text => (double?)double.Parse(text, CultureInfo.InvariantCulture)),
            CsvRows.Read<Cells>(path).Select(row => row.Row?.D));
    }

    [Theory]
    [InlineData("4o")]
    [InlineData("1,5")]
    [InlineData("1.5.2")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData(" 1.5")]
    [InlineData("$3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    public void NoDoubles(string text) => Assert.False(Read(text, "d").IsGood);

    [Theory]
    [InlineData("2019-02-28 23:59:59", "2019-02-28T23:59:59.0000000")]
    [InlineData("2020-02-29T00:00:00", "2020-02-29T00:00:00.0000000")]
    [InlineData("2019-02-28 23:59:59.5", "2019-02-28T23:59:59.5000000")]
    [InlineData("2019-02-28T23:59:59.123", "2019-02-28T23:59:59.1230000")]
    [InlineData("2019-02-28 23:59:59.120000", "2019-02-28T23:59:59.1200000")]
    [InlineData("2019-02-28 23:59:59.120001", null)]
    [InlineData("2019-02-29 00:00:00", null)]
    [InlineData("2019-13-01 00:00:00", null)]
    [InlineData("2019-01-01 24:00:00", null)]
    [InlineData("2019-01-01 00:60:00", null)]
    [InlineData("0000-01-01 00:00:00", null)]
    [InlineData("2019-01-01", null)]
    [InlineData("2019-01-01 00:00:00Z", null)]
    [InlineData("2019-01-01 00:00:00.", null)]
    [InlineData("2019-01-01 00:00:00.1x", null)]
    [InlineData("01/02/2019 00:00:00", null)]
    public void Times(string text, string? expected)
    {
        var time = Read(text, "t").Row?.T;
        Assert.Equal(expected, time?.ToString("O", CultureInfo.InvariantCulture));
        Assert.Equal(time is null ? null : DateTimeKind.Unspecified, time?.Kind);
    }

    [Fact]
    public void EveryDayIsItself()
    {
        var text = new StringBuilder("b,i,l,d,m,t\n");
        var days = Enumerable.Range(0, 3_652_059).Where(day => day % 7 == 0 || day > 3_600_000)
            .Select(day => DateTime.MinValue.AddDays(day).AddSeconds(day % 86_400)).ToArray();
        foreach (var day in days)
            text.Append(CultureInfo.InvariantCulture, $",,,,,{day:yyyy-MM-dd HH:mm:ss}\n");
        using var folder = new TempFolder();
        var path = folder.Write("days.csv", text.ToString());
        Assert.Equal(days, CsvRows.Read<Cells>(path).Select(row => row.Row!.T!.Value));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("T", true)]
    [InlineData("Y", true)]
    [InlineData("yes", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("f", false)]
    [InlineData("N", false)]
    [InlineData("no", false)]
    [InlineData("0", false)]
    [InlineData("2", null)]
    [InlineData("on", null)]
    public void Booleans(string text, bool? expected) => Assert.Equal(expected, Read(text, "b").Row?.B);

    private static string ShortDecimal(Random random)
    {
        var digits = (random.NextInt64(1L << 56) >> random.Next(56)).ToString(CultureInfo.InvariantCulture);
        var decimals = random.Next(25);
        digits = digits.PadLeft(decimals + 1, '0');
        return $"{(random.Next(2) == 0 ? "-" : "")}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static FileRow<Cells> Read(string text, string column)
    {
        using var folder = new TempFolder();
        var cells = new[] { "b", "i", "l", "d", "m", "t" }.Select(name => name == column ? $"\"{text}\"" : "");
        return CsvRows.Read<Cells>(folder.Write("cells.csv", $"b,i,l,d,m,t\n{string.Join(',', cells)}\n")).Single();
    }

    private sealed class Cells
    {
        [Column("b")] public bool? B { get; set; }
        [Column("i")] public int? I { get; set; }
        [Column("l")] public long? L { get; set; }
        [Column("d")] public double? D { get; set; }
        [Column("m", Scale = 2)] public decimal? M { get; set; }
        [Column("t")] public DateTime? T { get; set; }
    }
}
