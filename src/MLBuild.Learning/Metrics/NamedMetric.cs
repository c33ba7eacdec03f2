using System.Text.Json.Serialization;
using MLBuild.Learning.Gates;

namespace MLBuild.Learning.Metrics;

/// <summary>A metric with all that a text, a page, a card or a registry has to know of it.</summary>
/// <param name="Id">In a registry: <c>rmse</c>.</param>
/// <param name="Name">For people: "RMSE".</param>
/// <param name="Direction">Which values are good; null of one that says how rows are, or on which side a model
/// errs.</param>
/// <param name="Interval">In which the true value lies, of rows like these; null where nobody asks for one.</param>
public sealed record NamedMetric(
    string Id, string Name, MetricUnit Unit, Direction? Direction, MetricValue Value, MetricInterval? Interval);

/// <summary>What a metric is measured in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricUnit>))]
public enum MetricUnit
{
    /// <summary>That of the label.</summary>
    Label,

    /// <summary>Natural units of information: those of a natural logarithm.</summary>
    Nats,

    /// <summary>A share of rows, 0..1.</summary>
    Share,

    /// <summary>A count of rows.</summary>
    Rows,

    None,
}

/// <summary>A model's metrics on the rows of one slice.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="FaultyCount">Rows that cannot be measured: a label or a score is not finite, a label is no class, a
/// score no probability. With one such row every metric is missing: leaving it out would make a broken model look
/// better.</param>
/// <param name="Loss">The mean of the <see cref="RowLoss"/>.</param>
/// <param name="Summary">What is registered, what a gate can have thresholds on: what people read in the place of the
/// loss comes first.</param>
/// <param name="Details">The rest.</param>
public sealed record ModelMetrics(
    long Count, long FaultyCount, MetricValue Loss,
    IReadOnlyList<NamedMetric> Summary, IReadOnlyList<NamedMetric> Details)
{
    /// <summary>How many rows each class has; empty where there are no classes, or they were not counted.</summary>
    public IReadOnlyList<long> RowsOfClasses { get; init; } = [];

    /// <summary>What people read in the place of the loss.</summary>
    [JsonIgnore]
    public NamedMetric Headline => Summary[0];

    /// <summary>The summary, then the details.</summary>
    [JsonIgnore]
    public IEnumerable<NamedMetric> All => Summary.Concat(Details);

    /// <summary>The metric of a name, as a registry has it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public MetricValue Of(string id) =>
        All.FirstOrDefault(metric => metric.Id == id)?.Value ?? throw new ArgumentException(
            $"There is no metric '{id}'. There are {string.Join(", ", All.Select(metric => metric.Id))}.");
}
