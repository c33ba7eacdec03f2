using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Drift;

/// <summary>The profile of a feature of numbers. Its bins are, in this order: below the first edge, between the
/// edges, above the last edge, null, not finite.</summary>
public sealed record NumericProfile : FeatureProfile
{
    /// <summary>Rows whose value is NaN or infinite.</summary>
    public required long NonFiniteCount { get; init; }

    public required MetricValue Min { get; init; }

    public required MetricValue Max { get; init; }

    public required MetricValue Mean { get; init; }

    public required MetricValue StandardDeviation { get; init; }

    /// <summary>The borders of the quantile bins, upwards: [e₀, e₁], (e₁, e₂], … The first two are equal where the
    /// least value fills a bin; empty when there was no finite value.</summary>
    public required ImmutableArray<double> Edges { get; init; }

    /// <summary>The borders of about a hundred finer bins, upwards, by which distribution functions are compared.
    /// Empty when there was no finite value, and in profiles from before there was a grid.</summary>
    public ImmutableArray<double> GridEdges { get; init; } = [];

    /// <summary>Rows in each cell of the grid: below the first edge, between the edges, above the last. Of the rows
    /// behind <see cref="FeatureProfile.BinCounts"/>, the finite ones.</summary>
    public ImmutableArray<long> GridCounts { get; init; } = [];

    /// <summary>The Wasserstein distance, in the unit of the feature, that chance alone exceeds in 5 % of all
    /// comparisons of n and m rows without drift, divided by √(1/n + 1/m).</summary>
    public double ChanceWasserstein { get; init; }

    /// <summary>Of a slot of words what is in it; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SlotWords? Words { get; init; }

    [JsonIgnore]
    public override string Title => Words?.Title(Name) ?? Name;

    [JsonIgnore]
    public override int BinCount => CountBins(Edges);

    /// <summary>The bin a value belongs to.</summary>
    public int BinOf(double? value) => BinOf(value, Edges);

    public override string BinLabel(int bin) => (BinCount - bin) switch
    {
        1 => "not finite",
        2 => "null",
        3 => Edges.IsEmpty ? "any number" : $"> {Text(Edges[^1])}",
        _ => bin switch
        {
            0 => Edges.IsEmpty ? "no number" : $"< {Text(Edges[0])}",
            1 when Edges[0] == Edges[1] => $"= {Text(Edges[0])}",
            1 => $"[{Text(Edges[0])}, {Text(Edges[1])}]",
            _ => $"({Text(Edges[bin - 1])}, {Text(Edges[bin])}]",
        },
    };

    public override BinCounter NewCounter() => new NumericBinCounter(this);

    internal static int CountBins(ImmutableArray<double> edges) => Math.Max(0, edges.Length - 1) + 4;

    internal static int BinOf(double? value, ImmutableArray<double> edges)
    {
        var bins = CountBins(edges);
        if (value is not { } number)
            return bins - 2;
        if (!double.IsFinite(number))
            return bins - 1;
        if (edges.IsEmpty || number > edges[^1])
            return bins - 3;
        if (number < edges[0])
            return 0;
        // The first edge after e₀ that is not below the number ends its bin.
        int low = 1, high = edges.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (edges[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static string Text(double edge) => edge.ToString("G6", CultureInfo.InvariantCulture);
}
