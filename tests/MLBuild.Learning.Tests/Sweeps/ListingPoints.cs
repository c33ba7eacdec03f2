using MLBuild.Learning.Sweeps;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>The points of a sweep, their names, and that they stay as they are when others are added.</summary>
public sealed class ListingPoints
{
    private static SweepSpace<Tried> Space => new SweepSpace<Tried>()
        .With("leaves", SweepRange.LogarithmicIntegers(15, 255, count: 3),
            (options, leaves) => options with { Leaves = leaves })
        .With("rate", SweepRange.Logarithmic(0.01, 0.3), (options, rate) => options with { Rate = rate })
        .With("loss", SweepRange.Values("l1", "l2"), (options, loss) => options with { Loss = loss });

    [Fact]
    public void AGridIsEveryCombinationAndTheLastParameterVariesFastest()
    {
        var space = new SweepSpace<Tried>()
            .With("leaves", SweepRange.Values(31, 63), (options, leaves) => options with { Leaves = leaves })
            .With("rate", SweepRange.Linear(0.1, 0.3, count: 3), (options, rate) => options with { Rate = rate });
        var points = space.Grid(new(Seed: 9));
        Assert.Equal(
            ["leaves=31,rate=0.1", "leaves=31,rate=0.2", "leaves=31,rate=0.3",
            "leaves=63,rate=0.1", "leaves=63,rate=0.2", "leaves=63,rate=0.3"], Tried.Names(points));
        Assert.Equal(new Tried(63, 0.2, "", 9), points[4].Options);
    }

    [Fact]
    public void MorePointsOnlyAddSome()
    {
        var many = Space.Random(new(), 100, seed: 5);
        foreach (var count in new[] { 1, 30, 31, 99 })
            Assert.Equal(many.Take(count), Space.Random(new(), count, seed: 5));
        Assert.Equal(100, Tried.Names(many).Distinct().Count());
    }

    // Another name would be another partition. Computed in Python, with SplitMix64 as it was published.
    [Fact]
    public void PointsOfASeedAreTheSameForEver() => Assert.Equal(
        ["leaves=42,rate=0.2476,loss=l1", "leaves=56,rate=0.01124,loss=l1", "leaves=95,rate=0.04273,loss=l2"],
        Tried.Names(Space.Random(new(), 3, seed: 1)));

    [Fact]
    public void AnotherSeedDrawsOtherPoints() =>
        Assert.Empty(Tried.Names(Space.Random(new(), 20, seed: 1))
            .Intersect(Tried.Names(Space.Random(new(), 20, seed: 2))));

    [Fact]
    public void SmallRangesGiveAllTheirPoints()
    {
        var space = Tried.Leafy(SweepRange.Values(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        Assert.Equal(10, Tried.Names(space.Random(new(), 10, seed: 1)).Distinct().Count());
    }

    [Fact]
    public void ComplexityIsThatOfTheOptions()
    {
        Assert.Equal([15.0, 62, 255], Tried.Rated(SweepRange.Values(0.1))
            .With("leaves", SweepRange.LogarithmicIntegers(15, 255, count: 3),
                (options, leaves) => options with { Leaves = leaves })
            .SimplestFirst(options => options.Leaves).Grid(new()).Select(point => point.Complexity!.Value));
        Assert.All(Space.Random(new(), 3, 1), point => Assert.Null(point.Complexity));
    }

    public static TheoryData<string, Action> Mistakes => new()
    {
        {
            "A sweep has no parameters. Add one with With.",
            () => new SweepSpace<Tried>().Grid(new())
        },
        {
            "A sweep of 0 random points tries nothing. Give it 1 or more.",
            () => Space.Random(new(), 0, seed: 1)
        },
        {
            "A sweep wants 5 random points, and 500 draws gave 2 different ones. Give it fewer points, or wider "
            + "ranges.",
            () => Tried.Leafy(SweepRange.Values(1, 2)).Random(new(), 5, seed: 1)
        },
        {
            "A grid takes a number of values of each range, and some have none: 'rate' (Logarithmic 0.01 to 0.3). Give "
            + "them a count, or draw points at random.",
            () => Space.Grid(new())
        },
        {
            "Two parameters of a sweep are called 'rate'. Give each a name of its own.",
            () => Space.With("rate", SweepRange.Values(1), (options, _) => options)
        },
        {
            "Two parameters of a sweep are called 'fold'. Give each a name of its own; 'fold' is that of the folds.",
            () => Space.With("fold", SweepRange.Values(1), (options, _) => options)
        },
        {
            "A parameter of a sweep is called 'min rows'. Its name is part of the names of files: give it letters and "
            + "digits.",
            () => Space.With("min rows", SweepRange.Values(1), (options, _) => options)
        },
        {
            "The complexity of the point rate=0.1 is NaN, expected a finite number.",
            () => Tried.Rated(SweepRange.Values(0.1)).SimplestFirst(_ => double.NaN).Grid(new())
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsNamedWithTheWayOut(string message, Action declare) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(declare).Message);
}
