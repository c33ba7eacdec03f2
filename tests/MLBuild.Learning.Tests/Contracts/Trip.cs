using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>A small row type with a column of every kind that contracts treat differently.</summary>
public sealed class Trip
{
    [Column("vendor")]
    public int Vendor { get; set; } = 1;

    [Column("passengers")]
    public int? Passengers { get; set; } = 1;

    [Column("distance")]
    public double Distance { get; set; } = 2;

    [Column("fare")]
    public double Fare { get; set; } = 10;

    [Column("flag")]
    public string? Flag { get; set; }

    [Column("picked_up")]
    public DateTime PickedUp { get; set; } = new(2019, 2, 1);

    /// <summary>Not a column.</summary>
    public double Speed => Distance;
}

internal static class Trips
{
    public static readonly string[] Header = ["vendor", "passengers", "distance", "fare", "flag", "picked_up"];

    /// <summary>Checks rows that all come from one file, from line 2 on.</summary>
    public static ContractReport Check(this Contract<Trip> contract, params IEnumerable<Trip> trips)
    {
        var check = contract.Begin();
        check.Open("2019-02.csv", Header);
        foreach (var (index, trip) in trips.Index())
            check.Check(trip, new("2019-02.csv", index + 2));
        return check.Complete();
    }

    public static IEnumerable<Trip> WithFares(params IEnumerable<double> fares) =>
        fares.Select(fare => new Trip { Fare = fare });

    public static IEnumerable<Trip> Good(int count) => Enumerable.Range(0, count).Select(_ => new Trip());

    public static ExpectationReport Only(this ContractReport report, Statistic statistic) =>
        Assert.Single(report.Expectations, expectation => expectation.Statistic == statistic);
}
