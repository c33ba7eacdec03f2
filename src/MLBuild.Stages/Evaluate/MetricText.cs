using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>How pages and cards say a metric.</summary>
internal static class MetricText
{
    public static double? Number(MetricValue? value) => (value as MetricValue.Value)?.Number;

    /// <summary>"RMSE, dollars", "log loss, nats", "accuracy".</summary>
    /// <param name="unit">Of the label; empty where nobody said.</param>
    public static string Name(NamedMetric metric, string unit) => $"{metric.Name}{In(metric.Unit, unit)}";

    /// <summary>", dollars", ", nats", or nothing.</summary>
    public static string In(MetricUnit of, string unit) => of switch
    {
        MetricUnit.Label => EvaluateCharts.In(unit),
        MetricUnit.Nats => ", nats",
        _ => "",
    };

    public static string Value(NamedMetric metric) =>
        Number(metric.Value) is { } number ? Said(metric.Unit, number) : "missing";

    /// <summary>"1.2 to 1.3"; "–" where there is no interval for a reason, nothing where nobody asked.</summary>
    public static string Ends(NamedMetric metric) => metric.Interval switch
    {
        null => "",
        { } interval => (Number(interval.Low), Number(interval.High)) is ({ } low, { } high)
            ? $"{Said(metric.Unit, low)} to {Said(metric.Unit, high)}"
            : "–",
    };

    private static string Said(MetricUnit unit, double number) => unit switch
    {
        MetricUnit.Share => Figures.Percent(Math.Round(number, 4)),
        MetricUnit.Rows => Figures.Count((long)number),
        _ => EvaluateCharts.Short(number),
    };
}
