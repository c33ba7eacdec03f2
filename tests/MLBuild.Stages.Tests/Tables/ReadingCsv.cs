using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>CSV files that are read without a fault.</summary>
public sealed class ReadingCsv : IDisposable
{
    private static readonly Ride[] TwoRides =
        [new() { Zone = "Queens", Fare = 12.5, Riders = 2 }, new() { Zone = "Bronx", Fare = 7 }];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zone,fare,riders\nQueens,12.5,2\nBronx,7,\n")]
    [InlineData("zone,fare,riders\r\nQueens,12.5,2\r\nBronx,7,\r\n")]
    [InlineData("zone,fare,riders\rQueens,12.5,2\rBronx,7,\r")]
    [InlineData("zone,fare,riders\nQueens,12.5,2\nBronx,7,")]
    [InlineData("zone,fare,riders\r\nQueens,12.5,2\r\nBronx,7,")]
    [InlineData("\uFEFFzone,fare,riders\nQueens,12.5,2\nBronx,7,\n")]
    [InlineData("\uFEFF\"zone\",\"fare\",\"riders\"\n\"Queens\",\"12.5\",\"2\"\n\"Bronx\",\"7\",\"\"\n")]
    [InlineData("riders,zone,fare\n2,Queens,12.5\n,Bronx,7\n")]
    [InlineData("note,zone,fare,day,riders\nx,Queens,12.5,y,2\n,Bronx,7,,\n")]
    [InlineData("zone,fare,riders\n\nQueens,12.5,2\n\n\nBronx,7,\n\n")]
    public void TheSameTwoRows(string text) =>
        Assert.Equal(TwoRides, CsvRows.Read<Ride>(_folder.Write("rides.csv", text)).Select(row => row.Row));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void LinesAreCountedAsAnEditorDoes(string end)
    {
        var text = string.Join(end, "", "zone,fare,riders", "Queens,12.5,2", "", "", "Bronx,7,", "");
        Assert.Equal([3, 6], CsvRows.Read<Ride>(_folder.Write("rides.csv", text)).Select(row => row.Line));
    }

    [Fact]
    public void AQuotedFieldHoldsCommasAndQuotes()
    {
        var path = _folder.Write("rides.csv", "zone,fare,riders\n\"Queens, \"\"east\"\" side\",12.5,2\n");
        Assert.Equal("Queens, \"east\" side", CsvRows.Read<Ride>(path).Single().Row?.Zone);
    }

    [Fact]
    public void TextIsUtf8()
    {
        // Longer than the first block, so that its end cuts a character of three bytes somewhere.
        var zones = Enumerable.Repeat("€uro ✓ 東京", 10_000).ToArray();
        var lines = string.Concat(zones.Select(zone => $"{zone},1,\n"));
        var path = _folder.Write("rides.csv", $"zone,fare,riders\n{lines}");
        Assert.Equal(zones, CsvRows.Read<Ride>(path).Select(row => row.Row?.Zone));
    }

    [Fact]
    public void ExtraColumnsAreNamed()
    {
        var header = CsvRows.Read<Ride>(_folder.Write("rides.csv", "note,zone,fare,day,riders\n")).Header;
        Assert.Equal(["note", "zone", "fare", "day", "riders"], header.Columns);
        Assert.Equal(["note", "day"], header.Extra);
    }

    [Theory]
    [InlineData("zone,fare,riders")]
    [InlineData("zone,fare,riders\r\n")]
    public void AHeaderAloneIsATableOfNoRows(string text) =>
        Assert.Empty(CsvRows.Read<Ride>(_folder.Write("rides.csv", text)));

    [Fact]
    public void EachEnumerationReadsTheFileAnew()
    {
        var rows = CsvRows.Read<Ride>(_folder.Write("rides.csv", "zone,fare,riders\nQueens,12.5,2\n"));
        Assert.Single(rows);
        _folder.Write("rides.csv", "fare,zone,riders\n12.5,Queens,2\n7,Bronx,\n");
        Assert.Equal(TwoRides, rows.Select(row => row.Row));
    }

    [Fact]
    public void AnAbandonedEnumerationClosesTheFile()
    {
        var path = _folder.Write("rides.csv", "zone,fare,riders\nQueens,12.5,2\nBronx,7,\n");
        Assert.Equal("Queens", CsvRows.Read<Ride>(path).First().Row?.Zone);
        File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    [YellowTaxiFact]
    public void ThirtyMonthsOfTaxiTripsHaveNoFault()
    {
        var months = YellowTaxi.Months!.Select(month => CsvRows.Read<Trip>(month)).ToList();
        Assert.Equal(30, months.Count);
        Assert.All(months, month => Assert.Empty(month.Header.Extra));
        var lines = months.Select(month => month.Where(row => row.IsGood).Select(row => row.Line));
        Assert.All(lines, numbers => Assert.Equal(Enumerable.Range(2, 10_000), numbers.Select(line => (int)line)));
    }

    [YellowTaxiFact]
    public void TheSumsOfTheTaxiTripsAreThoseOfTheDataSheet()
    {
        var trips = YellowTaxi.Months!.SelectMany(month => CsvRows.Read<Trip>(month)).Select(row => row.Row!).ToList();
        Assert.Equal(559, trips.Count(trip => trip.TotalAmount < 0));
        Assert.Equal(559, trips.Count(trip => trip.FareAmount < 0));
        Assert.Equal(114, trips.Count(trip => trip.FareAmount == 0));
        Assert.Equal(429_490.20, trips.Max(trip => trip.FareAmount));
        Assert.Equal(3_037, trips.Count(trip => trip.TripDistance == 0));
        Assert.Equal(14, trips.Count(trip => trip.TripDistance < 0));
        Assert.Equal(5_901, trips.Count(trip => trip.PassengerCount == 0));
        Assert.Equal(2, trips.Count(trip => trip.DropoffTime < trip.PickupTime));
        Assert.Equal(643, trips.Count(trip => trip.DropoffTime - trip.PickupTime > TimeSpan.FromHours(6)));
        Assert.Equal(new DateTime(2008, 12, 31, 23, 49, 36), trips.Min(trip => trip.PickupTime));
        Assert.Equal(14, trips.Count(trip => trip.RateCodeId == 99));
        Assert.Equal(4_077, trips.Count(trip => trip is
        { VendorId: null, PassengerCount: null, RateCodeId: null, StoreAndForwardFlag: null, PaymentType: null }));
        Assert.Equal(126_327, trips.Count(trip => trip.CongestionSurcharge is null));
    }

    [YellowTaxiFact]
    public void TwoTaxiMonthsHaveWindowsLineEnds() =>
        Assert.Equal(["2019-01.csv", "2019-02.csv"], YellowTaxi.Months!
            .Where(month => File.ReadAllBytes(month).AsSpan().Contains((byte)'\r'))
            .Select(month => Path.GetFileName(month)));
}
