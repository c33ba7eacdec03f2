using System.Text.Json.Serialization;

namespace MLBuild.Learning.Metrics;

/// <summary>A metric's number, or the reason why there is none. It is never NaN or infinite, so a comparison cannot
/// pass or fail by accident: whoever reads it has to say what a missing metric means.</summary>
[JsonConverter(typeof(MetricValueJson))]
public abstract record MetricValue
{
    private MetricValue()
    {
    }

    /// <summary>The metric as a finite number.</summary>
    public sealed record Value : MetricValue
    {
        internal Value(double number) => Number = number;

        public double Number { get; }

        public override string ToString() => FormattableString.Invariant($"{Number:R}");
    }

    /// <summary>There is no number. <paramref name="Reason"/> says why, for people.</summary>
    public sealed record Missing(string Reason) : MetricValue
    {
        public override string ToString() => $"missing ({Reason})";
    }

    /// <summary>The number, or <see cref="Missing"/> where it is not finite.</summary>
    public static MetricValue Of(double number) => double.IsFinite(number)
        ? new Value(number)
        : new Missing(FormattableString.Invariant($"measured as {number}"));
}
