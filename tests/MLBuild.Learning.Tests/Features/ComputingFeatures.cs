using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>A feature set turns one raw row into the numbers that a model takes.</summary>
public sealed class ComputingFeatures
{
    private sealed record Trip(double? Miles, int? Zone, DateTime PickedUp);

    private static readonly FeatureSet<Trip> Set = new FeatureSet<Trip>()
        .Numeric("miles", trip => trip.Miles)
        .Categorical("zone", trip => trip.Zone)
        .Numeric("hour", trip => trip.PickedUp.Hour);

    private static readonly DateTime Noon = new(2019, 3, 1, 12, 0, 0);

    [Fact]
    public void ValuesStandInTheOrderOfDeclaration()
    {
        var values = new float[3];
        Set.Compute(new(1.5, 230, Noon), values);
        Assert.Equal([1.5f, 230f, 12f], values);
        Assert.Equal(["miles", "zone", "hour"], Set.Names);
        Assert.Equal([FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Numeric], Set.Kinds);
        Assert.Equal(3, Set.Width);
    }

    [Fact]
    public void AbsentIsNaNNotZero()
    {
        var values = new float[3];
        Set.Compute(new(null, null, Noon), values);
        Assert.Equal([float.NaN, float.NaN, 12f], values);
    }

    [Fact]
    public void AddingLeavesTheShorterListAsItWas()
    {
        var longer = Set.Numeric("minute", trip => trip.PickedUp.Minute);
        Assert.Equal(3, Set.Width);
        Assert.Equal(4, longer.Width);
    }

    [Fact]
    public void RoomOfAnotherLengthIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Set.Compute(new(1, 1, Noon), new float[2]));
        Assert.StartsWith("There are 3 features, but room for 2.", error.Message);
    }

    [Fact]
    public void NamesAreUnique()
    {
        var error = Assert.Throws<ArgumentException>(() => Set.Numeric("zone", _ => 1));
        Assert.Equal("Features share a name: 'zone'. Give each its own.", error.Message);
    }

    [Fact]
    public void AFeatureNeedsAName()
    {
        var error = Assert.Throws<ArgumentException>(() => Set.Numeric(" ", _ => 1));
        Assert.Equal("A feature of Trip has no name.", error.Message);
    }

    [Fact]
    public void CodesThatWouldMergeAreRefused()
    {
        var values = new float[1];
        var set = new FeatureSet<int>().Categorical("id", code => code);
        set.Compute(16_777_216, values);
        Assert.Equal(16_777_216f, values[0]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => set.Compute(16_777_217, values));
        Assert.Equal(
            "Feature 'id' has the code 16777217; codes beyond ±16777216 are not exact. Map them to smaller ones.",
            error.Message);
    }

    [Fact]
    public void AnEmptyListHasNoSchema()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new FeatureSet<Trip>().Schema);
        Assert.Equal("The features of Trip are empty. Add one with Numeric or Categorical.", error.Message);
    }
}
