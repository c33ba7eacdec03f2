using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Tests;

/// <summary>A row with a column of every type, and what a team writes about it.</summary>
public sealed class Ride
{
    [Column("distance")]
    public double Distance { get; set; }

    [Column("zone")]
    public int Zone { get; set; }

    [Column("pickup")]
    public DateTime PickupAt { get; set; }

    [Column("passengers")]
    public int? Passengers { get; set; }

    [Column("shared")]
    public bool? Shared { get; set; }

    [Column("flag")]
    public string? Flag { get; set; }

    [Column("meter")]
    public long? Meter { get; set; }

    [Column("dropoff")]
    public DateTime DropoffAt { get; set; }

    [Column("fare")]
    public double Fare { get; set; }

    private static readonly History<Ride> Past =
        new("fares", ride => $"{ride.Zone}", ride => ride.Fare, ride => ride.PickupAt,
            ride => ride.PickupAt.AddMinutes(9));

    public static FeatureSet<Ride> Features { get; } = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Categorical("zone", ride => ride.Zone)
        .Numeric("hour", ride => ride.PickupAt.TimeOfDay.TotalHours)
        .Numeric("passengers", ride => ride.Passengers)
        .Categorical("shared", ride => ride.Shared is { } shared ? shared ? 1 : 0 : null)
        .Numeric("flagged", ride => ride.Flag == "Y" ? 1 : 0)
        .Numeric("meter", ride => ride.Meter);

    /// <summary>Those of another revision, which knows no meter and counts something else instead.</summary>
    public static FeatureSet<Ride> OtherFeatures { get; } = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Numeric("weekday", ride => (int)ride.PickupAt.DayOfWeek);

    public static FeatureSet<Ride> FittedFeatures { get; } = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Encoded("zone_fare", ride => $"{ride.Zone}", ride => ride.Fare)
        .Frequency("flag_share", ride => ride.Flag)
        .Aggregate("zone_mean_fare", Past, Aggregation.Mean)
        .Aggregate("zone_rides_of_2_hours", Past, Aggregation.Count, TimeSpan.FromHours(2));

    public static ModelDefinition<Ride> Definition { get; } = new(
        "ride-fare", Features, ride => ride.Fare, ride => RowKey.Of($"{ride.Zone}|{ride.PickupAt.Ticks}"), Groups: []);

    public static ModelDefinition<Ride> OtherDefinition { get; } = Definition with { Features = OtherFeatures };

    public static ServedRow<Ride> Served { get; } =
        new(["distance", "zone", "pickup", "passengers", "shared", "flag", "meter"]);

    /// <summary>Rides that differ in every column, with a fare that follows from them.</summary>
    public static Ride Number(int i) => new()
    {
        Distance = i * 7 % 41 / 4.0,
        Zone = i % 5,
        PickupAt = new DateTime(2019, 2, 1, 6, 0, 0).AddMinutes(i * 17 % 900),
        Passengers = i % 3 == 0 ? null : i % 4,
        Shared = i % 7 == 0 ? null : i % 2 == 0,
        Flag = i % 11 == 0 ? null : i % 3 == 0 ? "Y" : "N",
        Meter = i % 13 == 0 ? null : i * 1000L,
        Fare = 2.5 + 3 * (i * 7 % 41 / 4.0) + i % 5,
    };

    public static FittedFeatures<Ride> Fit(FeatureSet<Ride> features, IEnumerable<Ride> rides)
    {
        var fit = features.BeginFit();
        foreach (var ride in rides)
            fit.Add(ride, Definition.Key(ride));
        return fit.Complete();
    }

    public float ScoreBy(ScoringModel model) => model.Score(Features.Serve(FeatureState.None, this));
}
