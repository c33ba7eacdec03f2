using MLBuild.Learning.Sweeps;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>Which values a range has on a grid, and what an author is told whose range cannot be meant.</summary>
public sealed class DeclaringRanges
{
    [Fact]
    public void ListedValuesAreTakenInTheirOrder() =>
        Assert.Equal(["leaves=63", "leaves=15", "leaves=31"],
            Tried.Names(Tried.Leafy(SweepRange.Values(63, 15, 31)).Grid(new())));

    [Fact]
    public void LinearNumbersAreEvenlySpacedAndReadable() =>
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5], Rates(SweepRange.Linear(0.1, 0.5, count: 5)));

    [Fact]
    public void LogarithmicNumbersGrowByAFactor() =>
        Assert.Equal([0.001, 0.01, 0.1, 1.0], Rates(SweepRange.Logarithmic(0.001, 1, count: 4)));

    // The ends are what was declared to the last bit; what is between has four digits.
    [Fact]
    public void EndsAreExactAndWhatIsBetweenHasFourDigits() =>
        Assert.Equal([0.0123456789, 0.06415, 1.0 / 3], Rates(SweepRange.Logarithmic(0.0123456789, 1.0 / 3, count: 3)));

    [Fact]
    public void WholeNumbersAreRounded()
    {
        Assert.Equal(["leaves=1", "leaves=3", "leaves=4", "leaves=6"], Names(SweepRange.Integers(1, 6, count: 4)));
        Assert.Equal(["leaves=15", "leaves=30", "leaves=62", "leaves=126", "leaves=255"],
            Names(SweepRange.LogarithmicIntegers(15, 255, count: 5)));
        Assert.Equal(["leaves=-2147483648", "leaves=2147483647"],
            Names(SweepRange.Integers(int.MinValue, int.MaxValue, count: 2)));
    }

    [Fact]
    public void RandomNumbersStayBetweenTheEndsAndReachThem()
    {
        var space = new SweepSpace<Tried>()
            .With("leaves", SweepRange.Integers(3, 6), (options, leaves) => options with { Leaves = leaves })
            .With("rate", SweepRange.Logarithmic(0.01, 1), (options, rate) => options with { Rate = rate });
        var points = space.Random(new(), 400, seed: 1).Select(point => point.Options).ToArray();
        Assert.Equal([3, 4, 5, 6], points.Select(point => point.Leaves).Distinct().Order());
        Assert.All(points, point => Assert.InRange(point.Rate, 0.01, 1));
        // Half of them are below the middle of the magnitudes: five standard deviations are 50.
        Assert.InRange(points.Count(point => point.Rate < 0.1), 150, 250);
        // Each whole number is as likely as each other.
        Assert.All(points.CountBy(point => point.Leaves), leaves => Assert.InRange(leaves.Value, 57, 143));
    }

    [Fact]
    public void RandomWholeNumbersOfMagnitudesReachBothEnds()
    {
        var space = new SweepSpace<Tried>().With(
            "leaves", SweepRange.LogarithmicIntegers(1, 8), (options, leaves) => options with { Leaves = leaves });
        Assert.Equal(Enumerable.Range(1, 8), space.Random(new(), 8, seed: 3).Select(point => point.Options.Leaves)
            .Order());
    }

    public static TheoryData<string, Action> Mistakes => new()
    {
        {
            "A range without values leaves nothing to try. Give it one or more.",
            () => SweepRange.Values<int>()
        },
        {
            "The range 31, 63, 31 has 31 more than once. Give each value once, or fewer between the ends.",
            () => SweepRange.Values(31, 63, 31)
        },
        {
            "The range Linear 1 to 1 has no values. Expected finite numbers, the first below the second; for one "
            + "value take Values.",
            () => SweepRange.Linear(1, 1, count: 3)
        },
        {
            "The range Linear NaN to 1 has no values. Expected finite numbers, the first below the second; for one "
            + "value take Values.",
            () => SweepRange.Linear(double.NaN, 1)
        },
        {
            "The range Logarithmic 0 to 1 has no values. Expected finite numbers above 0, the first below the second; "
            + "for one value take Values.",
            () => SweepRange.Logarithmic(0, 1, count: 3)
        },
        {
            "The range LogarithmicIntegers 0 to 9 has no values. Expected whole numbers above 0, the first below the "
            + "second; for one value take Values.",
            () => SweepRange.LogarithmicIntegers(0, 9)
        },
        {
            "The range Integers 9 to 3 has no values. Expected whole numbers, the first below the second; for one "
            + "value take Values.",
            () => SweepRange.Integers(9, 3)
        },
        {
            "The range Linear 0 to 1 has a count of 0, expected 2 or more; for one value take Values.",
            () => SweepRange.Linear(0, 1, count: 0)
        },
        {
            "The range Integers 1 to 3 has 2, 3 more than once. Give each value once, or fewer between the ends.",
            () => SweepRange.Integers(1, 3, count: 5)
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsNamedWithTheWayOut(string message, Action declare) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(declare).Message);

    private static double[] Rates(SweepRange<double> range) =>
        [.. Tried.Rated(range).Grid(new()).Select(point => point.Options.Rate)];

    private static string[] Names(SweepRange<int> range) => Tried.Names(Tried.Leafy(range).Grid(new()));
}
