using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Registry;
using MLBuild.Stages.Evaluate;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>The metrics of a model beside those of the newest version and of the one that serves.</summary>
public sealed class SummarizingEvaluations
{
    private static readonly ContentHash Model = ContentHash.Of("model");

    [Fact]
    public void MetricsStandBesideThoseOfOthersWithTheChange()
    {
        var report = Report(Metrics(3.25, 0.5), served: Metrics(3, 0.25));
        Assert.Equal(
            [
                "### taxi-fare: its gate failed",
                "",
                "- RMSE is 3.25&#124;, more than 3",
                "",
                "Measured on 1,000 held-out rows. Version 4, the newest, was measured on those of its own evaluation. "
                + "v2 serves in production. Compared with v2 on the same rows.",
                "",
                "| metric | this model | v4, newest | change | v2, serves | change |",
                "|---|--:|--:|--:|--:|--:|",
                "| RMSE, dollars | 3.25 | 3.5 | −0.25 better | 3 | +0.25 worse |",
                "| within 10 % | 50 % | – | – | 25 % | +25 % better |",
            ],
            EvaluateSummary.Lines(report, "taxi-fare", Version(4, ContentHash.Of("other"), ("rmse", 3.5))));
    }

    [Fact]
    public void FirstModelStandsAlone()
    {
        var lines = EvaluateSummary.Lines(Report(Metrics(double.NaN, 0.5), served: null), "taxi-fare", null).ToArray();
        Assert.Contains("Measured on 1,000 held-out rows. No version is registered yet. Nothing serves yet: thresholds "
            + "alone decide.", lines);
        Assert.Contains("| metric | this model |", lines);
        Assert.Contains("| RMSE, dollars | missing |", lines);
    }

    [Fact]
    public void ModelThatIsTheNewestVersionIsNotComparedWithItself() => Assert.Contains(
        "Measured on 1,000 held-out rows. Bit for bit the model of version 4, the newest. Nothing serves yet: "
        + "thresholds alone decide.",
        EvaluateSummary.Lines(Report(Metrics(3, 0.5), served: null), "taxi-fare", Version(4, Model, ("rmse", 3))));

    private static EvaluateReport Report(ModelMetrics metrics, ModelMetrics? served) => new(
        Model.Hex, "production", served is null ? "none" : "v2",
        served is null ? "Nothing serves yet: thresholds alone decide." : "Compared with v2 on the same rows.",
        new("all", metrics, served, null), [],
        new([new(RuleKind.Threshold, "rmse", null, null, null, null, null, null,
            new Outcome.Fail(FailReason.NotMeasured), "RMSE is 3.25|, more than 3")]))
    { Unit = "dollars" };

    private static ModelMetrics Metrics(double rmse, double within) => new(
        1000, 0, MetricValue.Of(rmse),
        [
            new("rmse", "RMSE", MetricUnit.Label, Direction.LowerIsBetter, MetricValue.Of(rmse), null),
            new("within-10-percent", "within 10 %", MetricUnit.Share, Direction.HigherIsBetter, MetricValue.Of(within),
                null),
        ],
        []);

    private static ModelVersion Version(int number, ContentHash model, params (string Id, double Value)[] metrics) =>
        new("taxi-fare", number, model, DateTimeOffset.UnixEpoch, 1, new(
            model, model, GateOutcome.Passed,
            new(metrics.Select(metric => KeyValuePair.Create(metric.Id, metric.Value))),
            NamedValues<ContentHash>.None));
}
