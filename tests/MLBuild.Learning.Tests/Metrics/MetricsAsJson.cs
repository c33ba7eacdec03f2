using System.Text.Json;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Metrics in a report: numbers stay numbers, an absent one says why.</summary>
public sealed class MetricsAsJson
{
    [Fact]
    public void RoundTrip()
    {
        var accumulator = new RegressionAccumulator();
        accumulator.Add(4, 5);
        accumulator.Add(4, 4);
        var metrics = accumulator.ToMetrics();
        var json = JsonSerializer.Serialize(metrics);
        Assert.Equal(
            """
            {"Count":2,"NonFiniteCount":0,"Rmse":0.7071067811865476,"Mae":0.5,
            "R2":{"missing":"all actual values of the 2 rows are equal"},
            "MeanError":0.5,"ShareWithinTenPercent":0.5}
            """.ReplaceLineEndings(""),
            json);
        Assert.Equal(metrics, JsonSerializer.Deserialize<RegressionMetrics>(json));
    }

    [Theory]
    [InlineData("\"NaN\"")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"missing\":1}")]
    [InlineData("{\"missing\":\"why\",\"more\":1}")]
    public void AnythingElseIsNoMetric(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<MetricValue>(json));
}
