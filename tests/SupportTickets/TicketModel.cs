using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;

namespace SupportTickets;

/// <summary>Which queue a ticket is for, by its words and its customer.</summary>
public static class TicketModel
{
    /// <summary>In the registry.</summary>
    public const string Name = "ticket-queue";

    public static readonly FeatureSet<CustomerTicket> Features = new FeatureSet<CustomerTicket>()
        .Words("text", ticket => ticket.Text, slots: 128)
        .Numeric("length", ticket => ticket.Text.Length)
        .Numeric("hour", ticket => ticket.OpenedAt.Hour)
        .Categorical("channel", ticket => ticket.Channel, ["mail", "chat", "phone", "web"])
        .Categorical("plan", ticket => ticket.Plan, ["free", "team", "enterprise"])
        .Categorical("country", ticket => ticket.Country, ["de", "fr", "gb", "pl", "us"])
        .Frequency("country_share", ticket => ticket.Country);

    public static readonly ModelDefinition<CustomerTicket> Definition = new(
        Name,
        Features,
        Label: QueueOf,
        Key: KeyOf,
        Groups:
        [
            new("customers", ticket => ticket.Plan ?? "unknown"),
            new("channel", ticket => ticket.Channel),
        ])
    {
        Task = Task,
        PredictedAt = ticket => ticket.OpenedAt,
    };

    // Apart from the definition: who needs only these does not run again when features change.
    public static LearningTask Task => LearningTask.Multiclass("billing", "technical", "account", "sales");

    public static RowKey KeyOf(CustomerTicket ticket) => RowKey.Of(ticket.Id);

    public static EvaluateOptions Demands => new()
    {
        MinAccuracy = 0.8,
        MinMacroF1 = 0.75,
        MinRows = 300,
        MinSliceRows = 150,
        SliceMargin = 0.5,
    };

    /// <summary>Features that come from one column.</summary>
    public static IReadOnlyList<FeatureGroup> Together =>
    [
        new("text", [.. Features.Names.Where(name => name.StartsWith("text_", StringComparison.Ordinal)), "length"]),
        new("country", ["country", "country_share"]),
    ];

    public static IReadOnlyList<BusinessMetric<CustomerTicket>> Worth =>
    [
        new("share of tickets in the right queue", "", (ticket, queue) => queue == QueueOf(ticket) ? 1 : 0)
        { Min = 0.75 },
    ];

    public static ModelAbout About => new(
        Name,
        "Puts a new ticket into the queue of those who can answer it.",
        ["It knows the words of the tickets that it learned from, in their languages.", "It answers no ticket."]);

    public static SweepSpace<TrainingOptions> Space => new SweepSpace<TrainingOptions>()
        .With("leaves", SweepRange.Values(4, 12), (options, leaves) => options with { Leaves = leaves })
        .With("rate", SweepRange.Values(0.05, 0.15), (options, rate) => options with { LearningRate = rate });

    // A queue that is none is no class: learning refuses it.
    private static double QueueOf(CustomerTicket ticket) => ticket.Queue switch
    {
        "billing" => 0,
        "technical" => 1,
        "account" => 2,
        "sales" => 3,
        _ => -1,
    };
}
