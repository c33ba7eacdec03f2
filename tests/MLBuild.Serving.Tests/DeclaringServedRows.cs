using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;

namespace MLBuild.Serving.Tests;

/// <summary>Which fields of a row a request may have.</summary>
public sealed class DeclaringServedRows : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void ColumnsThatTheRowHasNot() => Assert.Equal(
        "The fields of a request for a Ride are wrong: 'distanc' is no column of it; 'zone' is there twice. "
        + "Its columns: distance, zone, pickup, passengers, shared, flag, meter, dropoff, fare.",
        Assert.Throws<ArgumentException>(() => new ServedRow<Ride>(["distanc", "zone", "zone"])).Message);

    [Fact]
    public void ColumnsThatFeaturesReadAndRequestsHaveNot()
    {
        var features = new FeatureSet<Ride>()
            .Numeric("speed", ride => (ride.DropoffAt - ride.PickupAt).TotalHours is > 0 and var hours
                ? ride.Distance / hours
                : null)
            .Categorical("night", ride => ride.PickupAt.Hour < 6 ? 1 : 0)
            .Categorical("flagged", ride => ride.Flag == "Y" ? 1 : 0)
            .Numeric("spent", ride => ride.Fare > 0 ? ride.Fare : null);

        Assert.Equal(
            "Features are computed from columns that requests do not have: 'flagged' reads 'flag'; "
            + "'speed' reads 'dropoff'; 'spent' reads 'fare'. "
            + "Add the columns to the served row, or train without the features.",
            Refusal(features, ["distance", "zone", "pickup"]));
    }

    [Fact]
    public void FeaturesThatRefuseSomeRows()
    {
        var features = new FeatureSet<Ride>()
            .Numeric("share", ride => ride.Zone is >= 1 and <= 50
                ? ride.Meter % 3
                : throw new ArgumentException("no such zone"));

        Assert.Equal(
            "Features are computed from columns that requests do not have: 'share' reads 'meter'. "
            + "Add the columns to the served row, or train without the features.",
            Refusal(features, ["zone"]));
    }

    [Fact]
    public void FittedFeaturesThatLookUpWhatRequestsHaveNot()
    {
        var history = new History<Ride>(
            "fares", ride => $"{ride.Zone}", ride => ride.Fare, ride => ride.DropoffAt, ride => ride.DropoffAt);
        var features = new FeatureSet<Ride>()
            .Encoded("flag_fare", ride => ride.Flag, ride => ride.Fare)
            .Frequency("zone_share", ride => $"{ride.Zone}")
            .Aggregate("zone_fares", history, Aggregation.Count);

        // Fares are looked up of training rows only.
        Assert.Equal(
            "Features are computed from columns that requests do not have: 'flag_fare' reads 'flag'; "
            + "'zone_fares' reads 'dropoff'. "
            + "Add the columns to the served row, or train without the features.",
            Refusal(features, ["zone", "pickup"]));
    }

    // No feature tells these from the texts that are tried of any column.
    [Fact]
    public void CategoriesOfTheContractAreTried()
    {
        var features = new FeatureSet<Ride>()
            .Numeric("distance", ride => ride.Distance)
            .Numeric("metered", ride => ride.Flag == "metered" ? 1 : 0)
            .Numeric("airport", ride => ride.Passengers == 777 ? 1 : 0);
        var contract = Contract.For<Ride>()
            .Column(ride => ride.Flag, flag => flag.Categories("metered", "agreed"))
            .Column(ride => ride.Passengers, count => count.Categories(1, 777));

        Assert.Equal(
            "Features are computed from columns that requests do not have: 'airport' reads 'passengers'; "
            + "'metered' reads 'flag'. "
            + "Add the columns to the served row, or train without the features.",
            Refusal(features, new ServedRow<Ride>(["distance", "zone", "pickup"]) { Contract = contract }));
    }

    private string Refusal(FeatureSet<Ride> features, string[] served) =>
        Refusal(features, new ServedRow<Ride>(served));

    private string Refusal(FeatureSet<Ride> features, ServedRow<Ride> served)
    {
        var definition = Ride.Definition with { Features = features };
        return Assert.Throws<ServingException>(
            () => ModelServer.Build(_place.Options, definition, served, new ManualClock())).Message;
    }
}
