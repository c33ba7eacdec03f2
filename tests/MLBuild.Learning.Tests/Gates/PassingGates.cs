using System.Text.Json;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using static MLBuild.Learning.Tests.Gates.Evaluations;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>The outcome of a gate as a whole, its text and its JSON.</summary>
public sealed class PassingGates
{
    private static readonly Threshold Good = new("loss", Slice.Overall, max: 6);

    private static GateReport Judge(GateEvidence evidence, params GateRule[] rules) =>
        new Gate(NoChampion.PassesOnThresholds, rules).Judge(evidence);

    /// <summary>A gate with every kind of rule on an evaluation with every kind of outcome.</summary>
    private static GateReport Mixed(double queens) => new Gate(NoChampion.Fails,
    [
        new MinimumRows(Slice.Overall, 1000),
        new MinimumRows(Queens, 500),
        new Threshold("rmse", Slice.Overall, max: 6),
        new Threshold("rmse", Queens, min: 0, max: 6),
        new NonInferiority("squared_error", Slice.Overall, Margin.Absolute(0.1)),
        new NonInferiority("squared_error", Queens, Margin.Relative(0.02)),
        new GainCap("rmse", Slice.Overall, 0.3),
    ]).Judge(new(ChampionState.Serving,
    [
        new(Slice.Overall, 30_000,
        [
            new("rmse", MetricValue.Of(5.5), MetricValue.Of(5.6), PairedDifference.Missing("no mean over rows")),
            new("squared_error", MetricValue.Of(30.25), MetricValue.Of(31.36), new(
                30_000, MetricValue.Of(-1.11), MetricValue.Of(0.2))),
        ]),
        new(Queens, 420,
        [
            new("rmse", MetricValue.Of(queens)),
            new("squared_error", MetricValue.Of(31), MetricValue.Of(30), new(
                420, MetricValue.Of(1), MetricValue.Of(0.5))),
        ]),
    ]));

    [Fact]
    public void EmptyGateFails()
    {
        var report = Judge(First(1));
        Assert.Equal((Fail(FailReason.GateHasNoRules), false), (report.Overall, report.Passed));
        Assert.Equal(
            """
            Gate failed: 1 of 1 check failed, 0 inconclusive.
              FAIL          The gate has no rules: give it a threshold.
            Do not publish. Mend what failed and train again, or change the gate and say why in the commit.

            """,
            GateReportText.Render(report));
    }

    [Fact]
    public void ReportWithoutResultsFails() =>
        Assert.Equal(Fail(FailReason.GateHasNoRules), new GateReport([]).Overall);

    [Fact]
    public void NothingMeasuredFails()
    {
        GateEvidence[] nothing =
        [
            new(ChampionState.None, []),
            With(ChampionState.None, 1000),
            First(double.NaN),
        ];
        var comparison = new NonInferiority("loss", Slice.Overall, Margin.Absolute(1));
        Assert.All(nothing, evidence => Assert.False(Judge(evidence, Good).Passed));
        Assert.All(nothing, evidence => Assert.Contains(
            Fail(FailReason.NothingMeasured),
            Judge(evidence, comparison, new MinimumRows(Slice.Overall, 1)).Results.Select(result => result.Outcome)));
    }

    [Fact]
    public void FirstModelWithoutAThresholdFails()
    {
        var comparison = new NonInferiority("loss", Slice.Overall, Margin.Absolute(1));
        Assert.Equal(Fail(FailReason.NothingJudged), Judge(First(1e9), comparison).Overall);
        Assert.True(Judge(First(1), comparison, Good).Passed);
    }

    [Fact]
    public void RowCountsAndCapsAreNoJudgement()
    {
        GateRule[] rules = [new MinimumRows(Slice.Overall, 1), new GainCap("loss", Slice.Overall, 0.3)];
        var report = Judge(Against(10, 1e9), rules);
        Assert.Equal(Fail(FailReason.NothingJudged), report.Overall);
        Assert.Equal(
            "No rule judged how good the model is: give the gate a threshold.", report.Results[^1].Sentence);
    }

    [Fact]
    public void ComparisonWithAChampionIsAJudgement() => Assert.True(
        Judge(Differing(0, 0.01), new NonInferiority("loss", Slice.Overall, Margin.Absolute(1))).Passed);

    [Fact]
    public void FailIsWorseThanInconclusiveIsWorseThanPass()
    {
        var few = new MinimumRows(Slice.Overall, 1100);
        var fewer = new MinimumRows(Slice.Overall, 1300);
        var bad = new Threshold("loss", Slice.Overall, max: 0);
        foreach (var rules in new GateRule[][] { [Good, few, bad, fewer], [bad, fewer, few, Good] })
            Assert.Equal(Fail(FailReason.OutsideThreshold), Judge(First(1), rules).Overall);
        foreach (var rules in new GateRule[][] { [Good, few, fewer], [fewer, few, Good] })
            Assert.Equal(new Outcome.Inconclusive(InconclusiveReason.TooFewRows, 300), Judge(First(1), rules).Overall);
        Assert.True(Judge(First(1), Good, Good).Passed);
    }

    [Fact]
    public void RuleThatNoNumberOfRowsDecidesIsTheMostInconclusive()
    {
        var undecidable = new NonInferiority("loss", Slice.Overall, Margin.Absolute(1));
        Assert.Equal(
            new Outcome.Inconclusive(InconclusiveReason.MarginInsideInterval, null),
            Judge(Differing(1, 0.1), new MinimumRows(Slice.Overall, 5000), undecidable).Overall);
    }

    [Fact]
    public void TextOfAFailure() => Assert.Equal(
        [
            "Gate failed: 1 of 7 checks failed, 2 inconclusive.",
            "  pass          overall has 30,000 rows, expected at least 1,000.",
            "  inconclusive  borough=Queens has 420 rows, expected at least 500; evaluate 80 more.",
            "  pass          rmse overall is 5.5, expected at most 6 (30,000 rows).",
            "  FAIL          rmse in borough=Queens is 6.25, expected 0..6 (420 rows).",
            "  pass          squared_error overall: 30.25 against the champion's 31.36, difference -1.11 "
                + "(95 % bounds -1.438971 and -0.781029), may rise by 0.1 (30,000 rows).",
            "  inconclusive  squared_error in borough=Queens: 31 against the champion's 30, difference 1 "
                + "(95 % bounds 0.177573 and 1.822427), may rise by 0.6, 2 % of the champion's (420 rows); "
                + "about 3,638 more rows would decide.",
            "  pass          rmse overall: 5.5 against the champion's 5.6, no gain beyond 30 % (30,000 rows).",
            "Do not publish. Mend what failed and train again, or change the gate and say why in the commit.",
            "",
        ],
        GateReportText.Render(Mixed(queens: 6.25)).Split('\n'));

    [Fact]
    public void TextOfAnInconclusiveGate()
    {
        var lines = GateReportText.Render(Mixed(queens: 6)).Split('\n');
        Assert.Equal("Gate is inconclusive: 2 of 7 checks.", lines[0]);
        Assert.Equal("Do not publish. Evaluate on more rows, or allow more and say why in the commit.", lines[^2]);
    }

    [Fact]
    public void TextOfAPass() => Assert.Equal(
        """
        Gate passed: 1 check.
          pass          loss overall is 0.0001, expected at most 6 (1,000 rows).

        """,
        GateReportText.Render(Judge(First(0.0001), Good)));

    [Fact]
    public void TextOfASuspiciousGain() => Assert.Equal(
        "loss overall: 0.4 against the champion's 5.5, a gain beyond 30 % (1,000 rows); "
        + "look for the label among the features.",
        new GainCap("loss", Slice.Overall, 0.3).Judge(Against(5.5, 0.4)).Sentence);

    [Fact]
    public void JsonRoundTrips()
    {
        GateReport[] reports =
        [
            Mixed(6), Mixed(double.NaN), Judge(First(double.NaN), Good), Judge(First(1)),
            Judge(new(ChampionState.None, []), Good),
        ];
        foreach (var report in reports)
        {
            // Plain options throw on NaN and infinities.
            var json = JsonSerializer.Serialize(report);
            var again = JsonSerializer.Deserialize<GateReport>(json)!;
            Assert.Equal(report.Results, again.Results);
            Assert.Equal(report.Overall, again.Overall);
        }
    }

    [Fact]
    public void JsonNamesEverythingInAFixedOrder() => Assert.Equal(
        """
        {"Results":[{"Rule":"NonInferiority","Metric":"loss","Slice":"overall","Value":10.5,
        "Limit":{"Min":null,"Max":0.5},"Champion":10,"Difference":{"Mean":0.5,"Lower":0.5,"Upper":0.5},"Rows":40,
        "Outcome":{"verdict":"pass"},
        "Sentence":"loss overall: 10.5 against the champion\u0027s 10, difference 0.5 (95 % bounds 0.5 and 0.5),
         may rise by 0.5 (40 rows)."},
        {"Rule":"MinimumRows","Metric":null,"Slice":"overall","Value":1000,"Limit":{"Min":1001,"Max":null},
        "Champion":null,"Difference":null,"Rows":1000,
        "Outcome":{"verdict":"inconclusive","Reason":"TooFewRows","MoreRowsNeeded":1},
        "Sentence":"overall has 1,000 rows, expected at least 1,001; evaluate 1 more."}],
        "Overall":{"verdict":"inconclusive","Reason":"TooFewRows","MoreRowsNeeded":1},"Passed":false}
        """.ReplaceLineEndings(""),
        JsonSerializer.Serialize(Judge(
            Differing(0.5, 0, rows: 40),
            new NonInferiority("loss", Slice.Overall, Margin.Absolute(0.5)),
            new MinimumRows(Slice.Overall, 1001))));
}
