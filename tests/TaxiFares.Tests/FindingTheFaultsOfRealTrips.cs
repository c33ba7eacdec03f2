using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Tables;

namespace TaxiFares.Tests;

/// <summary>Every fault of the thirty published months is found, and none is invented: counts of the contract against
/// those that were counted with another tool.</summary>
public sealed class FindingTheFaultsOfRealTrips(FindingTheFaultsOfRealTrips.Checked trips)
    : IClassFixture<FindingTheFaultsOfRealTrips.Checked>
{
    [YellowTaxiFact]
    public void AllRowsAreRead() => Assert.Equal((300_000, 0), (trips.Report.RowsSeen, trips.Unreadable));

    [YellowTaxiTheory]
    [InlineData("negative total", 559)]
    [InlineData("negative fare", 559)]
    [InlineData("no fare", 114)]
    [InlineData("fare over 1,000", 2)]
    [InlineData("no distance", 3_037)]
    [InlineData("negative distance", 14)]
    [InlineData("distance over 100", 0)]
    [InlineData("nobody on board", 5_901)]
    [InlineData("drop-off before pick-up", 2)]
    [InlineData("drop-off at pick-up", 255)]
    [InlineData("trip over six hours", 643)]
    [InlineData("pick-up outside the file's month", 9)]
    [InlineData("rate code 99", 14)]
    [InlineData("unknown zone", 4_739)]
    [InlineData("no vendor, passengers, rate, flag and payment", 4_077)]
    [InlineData("a number is not finite", 0)]
    [InlineData("time after the data was drawn", 0)]
    [InlineData("zone outside 1..265", 0)]
    [InlineData("passenger_count outside 0..9", 0)]
    public void RowsOfARule(string rule, int rows) =>
        Assert.Equal(rows, trips.Report.Rules.Single(report => report.Rule == rule).Rows);

    [YellowTaxiFact]
    public void NoOtherRuleHasRowsButThatOfOddFares() => Assert.Equal(
        ["fare under 2.50 or over 250"],
        trips.Report.Rules.Where(rule => rule.Rows > 0).Select(rule => rule.Rule).Except(
        [
            "negative total", "negative fare", "no fare", "fare over 1,000", "no distance", "negative distance",
            "nobody on board", "drop-off before pick-up", "drop-off at pick-up", "trip over six hours",
            "pick-up outside the file's month", "rate code 99", "unknown zone",
            "no vendor, passengers, rate, flag and payment",
        ]));

    [YellowTaxiFact]
    public void TheEarliestPickUpAndTheLargestDistanceAndFare() => Assert.Equal(
        (new DateTime(2008, 12, 31, 23, 49, 36), 83.9, 429_490.2),
        (trips.Earliest, Math.Round(trips.Farthest, 1), trips.Dearest));

    [YellowTaxiFact]
    public void WhenTheSurchargeAndTheRowsWithoutAVendorBegin() => Assert.Equal(
        ("2019-02.csv", "2019-07.csv", 1_675),
        (trips.FirstSurcharge, trips.WithoutVendor.Keys.Min(StringComparer.Ordinal),
            trips.WithoutVendor["2020-05.csv"]));

    [YellowTaxiFact]
    public void RowsWithOneKey() =>
        Assert.Equal((17, 34, 5), (trips.Keys, trips.RowsOfKeys, DuplicateCounts.Of(trips.LeftOut).CancelledPairs));

    [YellowTaxiFact]
    public void RowsIdenticalInAllColumns() =>
        Assert.Equal(0, DuplicateCounts.Of(trips.LeftOut).Identical);

    [YellowTaxiFact]
    public void TripsWithoutACongestionSurcharge() => Assert.Equal(126_327, trips.WithoutSurcharge);

    [YellowTaxiFact]
    public void RowsThatAreLeftOutAndWhy() =>
        Assert.Equal((12, 10), (trips.LeftOut.Count(row => row.Reason == LeftOutReason.Superseded),
            trips.LeftOut.Count(row => row.Reason == LeftOutReason.Cancelled)));

    /// <summary>All rows of the published files, as they stand there.</summary>
    public sealed class Checked
    {
        public Checked()
        {
            if (YellowTaxi.Months is not { } files)
                return;
            var check = TaxiContract.For(new DateTime(2020, 7, 2)).Begin();
            var rows = new List<(TaxiTrip Row, RowSource Source)>();
            foreach (var path in files)
            {
                var file = CsvRows.Read<TaxiTrip>(path);
                check.Open(file.Name, file.Columns);
                using var pass = file.Begin(new() { Fault = _ => Unreadable++ });
                while (pass.Next())
                {
                    for (var i = 0; i < pass.Batch.Count; i++)
                        rows.Add((pass.Batch.Row(i), pass.Batch.Source(i)));
                    check.Sift(pass.Batch);
                }
            }
            Report = check.Complete();
            var twice = rows.GroupBy(row => TaxiKeys.Of(row.Row)).Where(group => group.Count() > 1).ToArray();
            (Keys, RowsOfKeys) = (twice.Length, twice.Sum(group => group.Count()));
            LeftOut = TaxiKeys.Duplicates.Resolve(rows);
            Earliest = rows.Min(row => row.Row.PickupAt);
            Farthest = rows.Max(row => row.Row.TripDistance);
            Dearest = rows.Max(row => row.Row.FareAmount);
            FirstSurcharge = rows.Where(row => row.Row.CongestionSurcharge > 0).Min(row => row.Source).File;
            WithoutVendor = rows.Where(row => row.Row.VendorId is null).CountBy(row => row.Source.File).ToDictionary();
            WithoutSurcharge = rows.Count(row => row.Row.CongestionSurcharge is null);
        }

        public ContractReport Report { get; } = null!;

        public int Unreadable { get; private set; }

        public IReadOnlyList<LeftOutRow> LeftOut { get; } = [];

        public int Keys { get; }

        public int RowsOfKeys { get; }

        public DateTime Earliest { get; }

        public double Farthest { get; }

        public double Dearest { get; }

        public int WithoutSurcharge { get; }

        public string FirstSurcharge { get; } = "";

        public IReadOnlyDictionary<string, int> WithoutVendor { get; } = new Dictionary<string, int>();
    }
}
