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
        Assert.Equal([1.5f, 230f, 12f], Set.Serve(FeatureState.None, new(1.5, 230, Noon)));
        Assert.Equal(["miles", "zone", "hour"], Set.Names);
        Assert.Equal([FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Numeric],
            Set.Schema.Columns.Select(column => column.Kind));
        Assert.Equal(3, Set.Width);
    }

    [Fact]
    public void AbsentIsNaNNotZero() =>
        Assert.Equal([float.NaN, float.NaN, 12f], Set.Serve(FeatureState.None, new(null, null, Noon)));

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
        var error = Assert.Throws<ArgumentException>(
            () => Set.Using(FeatureState.None).Compute(new(1, 1, Noon), new float[2]));
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
        var set = new FeatureSet<int>().Categorical("id", code => code);
        Assert.Equal([16_777_216f], set.Serve(FeatureState.None, 16_777_216));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => set.Serve(FeatureState.None, 16_777_217));
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
