using MLBuild.Learning.Leakage;

namespace MLBuild.Learning.Tests.Leakage;

/// <summary>What was found is said with the limit that it is beyond, and the way out.</summary>
public sealed class SayingLeaks
{
    [Fact]
    public void FindingsAreSaidTheWorstFirst()
    {
        var report = new LeakageReport(
            new(),
            new(500,
            [
                new("odd", 0.97, IsCopy: false, LeakVerdict.Warn), new("fine", 0.4, IsCopy: false, LeakVerdict.None),
                new("price", 0.9997, IsCopy: true, LeakVerdict.Fail),
                new("fare", 0.992, IsCopy: false, LeakVerdict.Fail),
            ]),
            new(2000, 3, [new("h1", "t1")], LeakVerdict.Warn), []);
        Assert.Equal(
            [
                "Feature 'price' is the label, or a + b times the label. Remove it.",
                "Feature 'fare' alone tells 99.2 % of the label; 99 % or more ends the build. Remove it, or raise "
                    + "LeakageLimits.FailSingleFeature if it is known when a row is predicted.",
                "Feature 'odd' alone tells 97 % of the label; 95 % or more is suspicious. See whether it is known "
                    + "when a row is predicted.",
                "3 of 2,000 held-out rows (0.15 %, limit 1 %) have the features and the label of a training row with "
                    + "another key, such as h1 and t1. Remove duplicates before the split, give them one key, or raise "
                    + "LeakageLimits.MaxTwinShare if rows are equal by chance.",
            ],
            report.Sentences);
        Assert.Equal(LeakVerdict.Fail, report.Verdict);
    }

    [Theory]
    [InlineData(99, "99 training rows are too few to tell whether a feature gives the label away: 100 are needed.")]
    [InlineData(1, "1 training row is too few to tell whether a feature gives the label away: 100 are needed.")]
    public void TooFewRowsAreSaid(long rows, string sentence)
    {
        var report = new LeakageReport(new(), new(rows, []), new(10, 0, [], LeakVerdict.None), []);
        Assert.Equal([sentence], report.Sentences);
        Assert.Equal(LeakVerdict.Warn, report.Verdict);
    }
}
