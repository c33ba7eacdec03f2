using System.Text;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Files that are no table of the row type are refused before their first row.</summary>
public sealed class RejectingCsvFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Missing() =>
        Assert.Equal(
            $"'rides.csv' does not exist: there is no file {_folder["rides.csv"]}.",
            Assert.Throws<TableException>(() => CsvRows.Read<Ride>(_folder["rides.csv"])).Message);

    [Fact]
    public void Empty() => Refuses(
        "", "'rides.csv' is empty: expected a header line with zone, fare, riders.");

    [Fact]
    public void OnlyEmptyLines() => Refuses(
        "\n\r\n", "'rides.csv' has only empty lines: expected a header line with zone, fare, riders.");

    [Fact]
    public void Binary() => Refuses(
        [.. "PAR0"u8, 0x15, 0x00, 0x15, 0x7F, 0x00, 0xFF],
        "'rides.csv' is not text: byte 6 is zero. Expected CSV in UTF-8.");

    [Fact]
    public void Zeros() => Refuses(
        new byte[100_000],
        "'rides.csv' is not text: byte 1 is zero. Expected CSV in UTF-8.");

    [Fact]
    public void Latin1() => Refuses(
        Encoding.Latin1.GetBytes("zone,fare,riders\nQueens,7,1\nCafé,7,1\n"),
        "'rides.csv' is not text in UTF-8: byte 32 is 0xE9. "
        + "Convert it, from Latin-1 for example: iconv -f LATIN1 -t UTF-8.");

    [Fact]
    public void Latin1AtTheEnd() => Refuses(
        Encoding.Latin1.GetBytes("zone,fare,riders\nCafé"),
        "'rides.csv' is not text in UTF-8: byte 21 is 0xE9. "
        + "Convert it, from Latin-1 for example: iconv -f LATIN1 -t UTF-8.");

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void Utf16(string encoding, bool withMark)
    {
        var utf16 = Encoding.GetEncoding(encoding);
        Refuses(
            [.. withMark ? utf16.Preamble : default, .. utf16.GetBytes("zone,fare,riders\nQueens,7,1\n")],
            "'rides.csv' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8.");
    }

    [Fact]
    public void AllMissingColumnsAreNamedAtOnce() => Refuses(
        "zone,price_of_ride,day\n",
        "'rides.csv' lacks 'fare', 'riders'. Its columns are zone, price_of_ride, day.");

    [Fact]
    public void ARenamedColumnIsGuessed() => Refuses(
        "Zone,fares,day\n",
        "'rides.csv' lacks 'zone', 'fare', 'riders'. Were they renamed: 'zone' to 'Zone', 'fare' to 'fares'? "
        + "Its columns are Zone, fares, day.");

    [Fact]
    public void ARenamedColumnMayKeepHalfOfItsName() => Refuses(
        "zone,fare,day,rider_cnt\n",
        "'rides.csv' lacks 'riders'. Were they renamed: 'riders' to 'rider_cnt'? "
        + "Its columns are zone, fare, day, rider_cnt.");

    [Fact]
    public void AnotherSeparatorShowsInTheColumns() => Refuses(
        "zone;fare;riders\n",
        "'rides.csv' lacks 'zone', 'fare', 'riders'. Its columns are zone;fare;riders. "
        + "Are they separated by semicolons? Separate them by commas.");

    [Theory]
    [InlineData("zone,fare,riders,fare", "'fare'")]
    [InlineData("zone,fare,riders,fare,x,x", "'fare', 'x'")]
    public void AColumnTwice(string header, string columns) => Refuses(
        header, $"'rides.csv' has more than one column {columns}. Rename or remove all but one.");

    [Fact]
    public void AHeaderWithAnOpenQuote() => Refuses(
        "zone,fare,\"riders\nQueens,7,1\n",
        "'rides.csv' line 1: the header has a quote that is not closed.");

    [Fact]
    public void ALineWithoutEndStopsTheReading()
    {
        var zone = new string('x', 3_000_000);
        var path = _folder.Write("rides.csv", $"zone,fare,riders\nQueens,7,1\n{zone},7,1\nBronx,7,1\n");
        Assert.Equal(
            "'rides.csv' line 3 is longer than 1048576 bytes. Does the file have line ends?",
            Assert.Throws<TableException>(() => CsvRows.Read<Ride>(path).ToList()).Message);
    }

    [Fact]
    public void ARefusedFileIsClosed()
    {
        Refuses("zone\n", "'rides.csv' lacks 'fare', 'riders'. Its columns are zone.");
        Refuses("", "'rides.csv' is empty: expected a header line with zone, fare, riders.");
        File.Open(_folder["rides.csv"], FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    private void Refuses(string text, string message) => Refuses(Encoding.UTF8.GetBytes(text), message);

    private void Refuses(byte[] bytes, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<TableException>(() => CsvRows.Read<Ride>(_folder.Write("rides.csv", bytes))).Message);
}
