using System.Text;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>One bad line costs one row, and its fault names file, line, column, value and what was expected.</summary>
public sealed class RejectingCsvRows : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Queens,4o,2", "rides.csv line 3: column 'fare' is '4o', expected a finite number.")]
    [InlineData("Queens,NaN,2", "rides.csv line 3: column 'fare' is 'NaN', expected a finite number.")]
    [InlineData("Queens,,2", "rides.csv line 3: column 'fare' is empty, expected a finite number.")]
    [InlineData("Queens,12.5,two", "rides.csv line 3: column 'riders' is 'two', expected a whole number of 32 bits.")]
    [InlineData("Queens,12.5,1.5", "rides.csv line 3: column 'riders' is '1.5', expected a whole number of 32 bits.")]
    [InlineData(",12.5,2",
        "rides.csv line 3: column 'zone' is empty, expected text in UTF-8 without zeros or byte order mark.")]
    [InlineData(",4o,two",
        "rides.csv line 3: column 'zone' is empty, expected text in UTF-8 without zeros or byte order mark.")]
    [InlineData("Queens,12.5", "rides.csv line 3: expected 3 fields, found 2. The line is 'Queens,12.5'.")]
    [InlineData("Queens,12.5,2,", "rides.csv line 3: expected 3 fields, found 4. The line is 'Queens,12.5,2,'.")]
    [InlineData("\"Queens,12.5,2",
        "rides.csv line 3: the line has a quote that is not closed. The line is '\"Queens,12.5,2'.")]
    [InlineData("Queens,12.5,\"2",
        "rides.csv line 3: the line has a quote that is not closed. The line is 'Queens,12.5,\"2'.")]
    [InlineData("Qu\"eens,12.5,2",
        "rides.csv line 3: the line has a quote inside an unquoted field. The line is 'Qu\"eens,12.5,2'.")]
    [InlineData("\"Queens\"x,12.5,2",
        "rides.csv line 3: the line has text after a closing quote. The line is '\"Queens\"x,12.5,2'.")]
    [InlineData("   ", "rides.csv line 3: expected 3 fields, found 1. The line is '   '.")]
    public void ABadLineInTheMiddleCostsItself(string bad, string message)
    {
        foreach (var end in (string[])["\n", "\r\n", "\r"])
        {
            var text = string.Join(end, "zone,fare,riders", "Bronx,7,1", bad, "Bronx,8,2", "Bronx,9,3", "");
            var rows = CsvRows.Read<Ride>(_folder.Write("rides.csv", text)).ToList();
            Assert.Equal([7, null, 8, 9], rows.Select(row => row.Row?.Fare));
            Assert.Equal([2, 3, 4, 5], rows.Select(row => row.Line));
            Assert.Equal(message, rows[1].Fault?.ToString());
        }
    }

    [Fact]
    public void ABadLastLineWithoutItsEndIsAFault()
    {
        var path = _folder.Write("rides.csv", "zone,fare,riders\nBronx,7,1\n\"Bronx,8");
        Assert.Equal(
            "rides.csv line 3: the line has a quote that is not closed. The line is '\"Bronx,8'.",
            CsvRows.Read<Ride>(path).Last().Fault?.ToString());
    }

    [Fact]
    public void AFaultHasItsPartsApart()
    {
        var path = _folder.Write("rides.csv", "zone,fare,riders\nQueens,4o,2\n");
        Assert.Equal(
            new RowFault("2019-02.csv", 2, "fare", "4o", "expected a finite number"),
            CsvRows.Read<Ride>(path, "2019-02.csv").Single().Fault);
    }

    [Fact]
    public void ALongValueIsCut()
    {
        var path = _folder.Write("rides.csv", $"zone,fare,riders\nQueens,{new string('€', 5000)},2\n");
        Assert.Equal(new string('€', 80) + "…", CsvRows.Read<Ride>(path).Single().Fault?.Value);
    }

    [Fact]
    public void TextThatIsNotUtf8IsAFaultAlsoFarFromTheStart()
    {
        var good = string.Concat(Enumerable.Repeat("Bronx,7,1\n", 10_000));
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"zone,fare,riders\n{good}"), .. "Caf"u8, 0xE9, .. ",8,2\n"u8];
        Assert.Equal(
            "rides.csv line 10002: column 'zone' is 'Caf\uFFFD', expected text in UTF-8 without zeros or byte order " +
            "mark.",
            Assert.Single(CsvRows.Read<Ride>(_folder.Write("rides.csv", bytes)), row => !row.IsGood).Fault?.ToString());
    }

    [Fact]
    public void AFileOfBadLinesIsReadInOrder()
    {
        var lines = Enumerable.Range(0, 1000).Select(i => (i % 3) switch { 0 => "\"x", 1 => "x,1", _ => "x,1,1" });
        var path = _folder.Write("rides.csv", $"zone,fare,riders\n{string.Join('\n', lines)}");
        Assert.Equal(Enumerable.Range(2, 1000).Select(i => (long)i), CsvRows.Read<Ride>(path).Select(row => row.Line));
    }
}
