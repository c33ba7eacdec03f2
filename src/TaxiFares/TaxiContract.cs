using System.Globalization;
using MLBuild.Learning.Contracts;

namespace TaxiFares;

/// <summary>What trips must satisfy to be learned from. Rows that break a row rule are set aside up to its tolerance,
/// those of a warning are counted and stay; a month that differs from those before it is a warning, for the city has
/// changed its fares and will again. The tolerances are at least about twice what the published months of 2018
/// to 2020 have together, and more where single months have more.</summary>
public static class TaxiContract
{
    /// <param name="asOf">When the data was drawn: nothing can have happened later.</param>
    public static Contract<TaxiTrip> For(DateTime asOf) => Contract.For<TaxiTrip>()
        .Rows(min: 1_000)
        .RowsPerFile(min: 1)
        .Row("pick-up outside the file's month", 0.001, (trip, source) => MonthOf(source.File) is { } month
            && (trip.PickupAt < month || trip.PickupAt >= month.AddMonths(1)), trip => trip.PickupAt)
        .Row("time after the data was drawn", 0.001, (trip, _) => trip.PickupAt > asOf || trip.DropoffAt > asOf,
            trip => trip.PickupAt, trip => trip.DropoffAt)
        .Row("drop-off before pick-up", 0.001, (trip, _) => trip.DropoffAt < trip.PickupAt, trip => trip.PickupAt,
            trip => trip.DropoffAt)
        .Row("drop-off at pick-up", 0.003, (trip, _) => trip.DropoffAt == trip.PickupAt, trip => trip.PickupAt)
        .Row("trip over six hours", 0.005, (trip, _) => trip.DurationMinutes > 360, trip => trip.PickupAt,
            trip => trip.DropoffAt)
        .Row("negative total", 0.01, (trip, _) => trip.TotalAmount < 0, trip => trip.TotalAmount)
        .Row("negative fare", 0.01, (trip, _) => trip.FareAmount < 0, trip => trip.FareAmount)
        .Row("no fare", 0.002, (trip, _) => trip.FareAmount == 0, trip => trip.FareAmount)
        .Row("fare over 1,000", 0.001, (trip, _) => trip.FareAmount > 1000, trip => trip.FareAmount)
        .Row("fare under 2.50 or over 250", 0.01, (trip, _) => trip.FareAmount is > 0 and < 2.50 or > 250 and <= 1000,
            trip => trip.FareAmount)
        .Row("no distance", 0.03, (trip, _) => trip.TripDistance == 0, trip => trip.TripDistance)
        .Row("negative distance", 0.001, (trip, _) => trip.TripDistance < 0, trip => trip.TripDistance)
        .Row("distance over 100", 0.001, (trip, _) => trip.TripDistance > 100, trip => trip.TripDistance)
        .Row("zone outside 1..265", 0, (trip, _) => trip.PickupZone is < 1 or > Zones.Last
            || trip.DropoffZone is < 1 or > Zones.Last,
            trip => trip.PickupZone, trip => trip.DropoffZone)
        .Warning(warn => warn
            .Row("nobody on board", 0.04, (trip, _) => trip.PassengerCount == 0, trip => trip.PassengerCount)
            .Row("rate code 99", 0.001, (trip, _) => trip.RateCode == 99, trip => trip.RateCode)
            .Row("unknown zone", 0.03, (trip, _) => trip.PickupZone >= 264 || trip.DropoffZone >= 264,
                trip => trip.PickupZone, trip => trip.DropoffZone)
            .Row("no vendor, passengers, rate, flag and payment", 0.25, (trip, _) => trip is
            { VendorId: null, PassengerCount: null, RateCode: null, StoreAndForward: null, PaymentType: null },
                trip => trip.VendorId, trip => trip.PaymentType)
            .SteadyAgainstHistory())
        .Column(trip => trip.FareAmount, fare => fare.Mean(8, 20).StandardDeviation(5, 20))
        .Column(trip => trip.TripDistance, distance => distance.Mean(1.5, 5))
        .Column(trip => trip.PassengerCount, count => count.NullRatio(max: 0.25).Range(0, 9, tolerance: 0.001))
        .Column(trip => trip.RateCode, code => code.NullRatio(max: 0.25).Categories(1, 2, 3, 4, 5, 6, 99))
        .Column(trip => trip.PickupZone, zone => zone.Cardinality(min: 20, max: Zones.Last));

    /// <summary>The end of the last month among files named <c>2019-02.csv</c> or <c>2019-02.csv.gz</c>, and a day for
    /// trips that were under way.</summary>
    public static DateTime? EndOf(IEnumerable<string> files) =>
        files.Select(MonthOf).Max() is { } last ? last.AddMonths(1).AddDays(1) : null;

    // Asked for every row, so it makes no strings.
    private static DateTime? MonthOf(string file)
    {
        var name = Path.GetFileName(file.AsSpan());
        // 2019-02.csv.gz has two extensions.
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            name = Path.GetFileNameWithoutExtension(name);
        name = Path.GetFileNameWithoutExtension(name);
        return name is [_, _, _, _, '-', _, _]
            && int.TryParse(name[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(name[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && year > 0 && month is >= 1 and <= 12
            ? new(year, month, 1)
            : null;
    }
}
