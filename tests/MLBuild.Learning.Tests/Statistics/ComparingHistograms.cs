using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Chi-square, L∞ and Jensen–Shannon against published values and their own laws.</summary>
public sealed class ComparingHistograms
{
    private static readonly long[] Reference = [16, 18, 16, 14, 12, 12];
    private static readonly long[] Current = [16, 16, 16, 16, 16, 8];

    // scipy.stats.chi2_contingency documentation
    [Fact]
    public void ChiSquareOfATableAsPublished()
    {
        var result = ChiSquareTest.TwoSample([10, 10, 20], [20, 20, 20]);
        Near.Equal(2.7777777777777777, result.Statistic);
        Near.Equal(0.24935220877729619, result.PValue);
        Assert.Equal(2, result.DegreesOfFreedom);
    }

    // Evidently's one-sample test gives 0.67309 for these counts: it takes the reference as exact.
    [Fact]
    public void ChiSquareTreatsTheReferenceAsASample() =>
        Assert.Equal(0.898526, ChiSquareTest.TwoSample(Reference, Current).PValue, 1e-6);

    [Fact]
    public void ChiSquareLeavesOutBinsThatAreEmptyOnBothSides()
    {
        Assert.Equal(ChiSquareTest.TwoSample([3, 9], [5, 4]), ChiSquareTest.TwoSample([3, 0, 9], [5, 0, 4]));
        Assert.Equal(new(Statistic: 0, DegreesOfFreedom: 0, PValue: 1), ChiSquareTest.TwoSample([7, 0], [3, 0]));
    }

    [Fact]
    public void ChiSquareSeesACategoryThatTheReferenceLacks() =>
        Assert.InRange(ChiSquareTest.TwoSample([100, 100, 0], [90, 90, 20]).PValue, 0, 1e-4);

    // Seeded simulation: without drift every p is equally likely, so 5 % of them are below 0.05.
    [Fact]
    public void ChiSquarePIsUniformWithoutDrift()
    {
        const int draws = 4000;
        var random = new Random(20260302);
        var below = new int[10];
        for (var draw = 0; draw < draws; draw++)
        {
            var p = ChiSquareTest.TwoSample(
                PopulationStability.Uniform(random, bins: 6, rows: 500),
                PopulationStability.Uniform(random, bins: 6, rows: 500)).PValue;
            below[(int)Math.Min(9, p * 10)]++;
        }
        // 400 expected in each tenth, standard deviation 19.
        Assert.All(below, count => Assert.InRange(count, 400 - 76, 400 + 76));
    }

    // deequ, KLLDistanceTest.scala and CategoricalDistanceTest: the second pair has a category that the first lacks.
    [Fact]
    public void LInfinityAsPublished()
    {
        Near.Equal(0.06015037593984962, LInfinity.Distance([10, 20, 25, 10, 5], [11, 20, 25, 10, 10]));
        Near.Equal(0.2857142857142857, LInfinity.Distance([10, 20, 25, 10, 5, 0], [20, 0, 25, 10, 10, 11]));
        Assert.Equal(0.0454545455, LInfinity.Distance(Reference, Current), 1e-10);
    }

    // scipy.spatial.distance.jensenshannon documentation
    [Fact]
    public void JensenShannonAsPublished()
    {
        Near.Equal(1, JensenShannon.Distance([1, 0, 0], [0, 1, 0], LogBase.Two));
        Near.Equal(0.46450140402245893, JensenShannon.Distance([1, 0], [0.5, 0.5], LogBase.E));
        double[] p = [16, 18, 16, 14, 12, 12];
        double[] q = [16, 16, 16, 16, 16, 8];
        Assert.Equal(0.0680481962, JensenShannon.Distance(p, q, LogBase.E), 1e-10);
        Assert.Equal(0.0817342133, JensenShannon.Distance(p, q, LogBase.Two), 1e-10);
    }

    // TFDV, metrics_test.cc: a divergence, categories {a, b, c, X, Y, Z}.
    [Fact]
    public void JensenShannonDivergenceAsPublished() =>
        Near.Equal(0.6, JensenShannon.Divergence([2, 2, 1, 0, 0, 0], [2, 0, 0, 1, 1, 1], LogBase.Two));

    [Fact]
    public void DivergenceIsTheSquareOfTheDistanceInEitherBase()
    {
        double[] p = [3, 1, 0, 6];
        double[] q = [1, 1, 4, 4];
        foreach (var logBase in Enum.GetValues<LogBase>())
        {
            var distance = JensenShannon.Distance(p, q, logBase);
            Near.Equal(distance * distance, JensenShannon.Divergence(p, q, logBase));
        }
        Near.Equal(
            JensenShannon.Divergence(p, q, LogBase.Two) * Math.Log(2), JensenShannon.Divergence(p, q, LogBase.E));
    }

    [Fact]
    public void JensenShannonIsSymmetricAndBounded()
    {
        var random = new Random(20260303);
        for (var draw = 0; draw < 500; draw++)
        {
            var p = Enumerable.Range(0, 8).Select(_ => Math.Max(0, random.NextDouble() - 0.3) + 1e-9).ToArray();
            var q = Enumerable.Range(0, 8).Select(_ => Math.Max(0, random.NextDouble() - 0.3) + 1e-9).ToArray();
            var distance = JensenShannon.Distance(p, q, LogBase.Two);
            Assert.InRange(distance, 0, 1);
            Assert.Equal(distance, JensenShannon.Distance(q, p, LogBase.Two));
            Assert.Equal(0, JensenShannon.Distance(p, p, LogBase.Two));
        }
    }

    [Fact]
    public void WeightsThatAreNoWeightsAreNamed()
    {
        Says("A weight of the second side is NaN; expected a finite number, 0 or more.", [1, 1], [1, double.NaN]);
        Says("The weights of the first side add up to 0; expected a finite sum above 0.", [0, 0], [1, 1]);
        Says("The histograms have 1 and 2 bins. Count both over the same bins, zeros included.", [1], [1, 1]);

        static void Says(string message, double[] first, double[] second) => Assert.Equal(
            message,
            Assert.Throws<ArgumentException>(() => JensenShannon.Distance(first, second, LogBase.E)).Message);
    }
}
