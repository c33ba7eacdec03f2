using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Reads a metric that must have a number.</summary>
internal static class Measured
{
    public static double Number(MetricValue metric) => Assert.IsType<MetricValue.Value>(metric).Number;
}
