using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SupportTickets.Tests;

/// <summary>An invented help desk with a known answer. Each ticket has two words of its topic among others, and each
/// topic belongs to a queue; but tickets about growing belong to sales or to account by the customer's plan, which only
/// the shop knows. One ticket of ten was answered by another queue, whatever it says: nobody can be right more often
/// than <see cref="BestAccuracy"/>, and whoever does not know plans is right less often.</summary>
internal sealed class TicketWorld
{
    public const double BestAccuracy = 1 - AnsweredElsewhere;

    private const double AnsweredElsewhere = 0.1;

    private static readonly string[] Queues = ["billing", "technical", "account", "sales"];
    private static readonly string[] Channels = ["mail", "chat", "phone", "web"];
    private static readonly string[] Others =
    [
        "hello", "please", "we", "need", "help", "with", "this", "since", "yesterday", "our", "team", "cannot",
        "thanks", "today", "again", "urgent", "question", "about", "the", "is", "not", "working", "as", "expected",
    ];

    private readonly int _seed;

    // Of what is made now: customers, or one month, which is the same whatever was made before.
    private Random _random;

    /// <param name="seed">Another one makes other customers and tickets.</param>
    /// <param name="topics">The words of each topic in the order of its queues; growing is the last.</param>
    public TicketWorld(int seed, params string[][] topics)
    {
        (_seed, _random) = (seed, new(seed));
        Topics = topics is [] ? UsualTopics : topics;
        Customers =
        [
            .. Enumerable.Range(1, 200).Select(id => new Buyer(
                id, Of(["free", "free", "team", "enterprise"]), Of(["de", "de", "fr", "gb", "pl", "us", "us"]),
                new DateTime(2020, 1, 1).AddDays(_random.Next(1_400)))),
        ];
    }

    public static string[][] UsualTopics =>
    [
        ["invoice", "refund", "charged", "Rechnung", "vat", "payment"],
        ["error", "crash", "timeout", "api", "bug", "stacktrace"],
        ["password", "login", "Kündigung", "permission", "sso", "2fa"],
        ["seats", "upgrade", "Größe", "quota", "growing", "more"],
    ];

    public string[][] Topics { get; }

    public IReadOnlyList<Buyer> Customers { get; }

    public int TicketsPerMonth { get; init; } = 800;

    /// <summary>What the help desk exports of a month: a comment, tickets as JSON lines, messages of the monitoring.
    /// One ticket of a hundred has a customer that is not in the shop, one of a hundred was moved and is there
    /// twice.</summary>
    public string Export(string month)
    {
        var from = DateTime.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture);
        _random = new((_seed * 1_000_000) + (from.Year * 100) + from.Month);
        var minutes = (int)(from.AddMonths(1) - from).TotalMinutes;
        var text = new StringBuilder().Append($"# help desk, {month}\n");
        for (var i = 0; i < TicketsPerMonth; i++)
        {
            var opened = from.AddMinutes(_random.Next(minutes));
            var customer = Customers[_random.Next(Customers.Count)];
            var topic = Topic();
            var queue = QueueOf(topic, customer.Plan);
            if (_random.NextDouble() < AnsweredElsewhere)
                queue = (queue + 1 + _random.Next(3)) % 4;
            var ticket = new Dictionary<string, object>
            {
                ["id"] = $"T-{month}-{i:0000}",
                ["opened_at"] = Time(opened),
                ["changed_at"] = Time(opened.AddMinutes(5)),
                ["customer"] = _random.Next(100) == 0 ? 9_000 + i : customer.Id,
                ["channel"] = Of(Channels),
                ["text"] = TextOf(topic),
                ["queue"] = Queues[queue],
            };
            if (_random.Next(100) == 0)
            {
                Add(new(ticket) { ["queue"] = Queues[(queue + 1) % 4] });
                ticket["changed_at"] = Time(opened.AddMinutes(50));
            }
            Add(ticket);
            if (i % 100 == 0)
                Add(new(ticket) { ["id"] = $"S-{month}-{i}", ["channel"] = "selftest", ["queue"] = "none" });
        }
        return text.ToString();

        // With a space behind the colon, as the help desk writes it.
        void Add(Dictionary<string, object> ticket) => text.Append('{').AppendJoin(", ", ticket.Select(pair =>
            $"\"{pair.Key}\": {JsonSerializer.Serialize(pair.Value)}")).Append("}\n");
    }

    // About a topic, by its position.
    private string TextOf(int topic)
    {
        var words = Enumerable.Range(0, 6 + _random.Next(6)).Select(_ => Of(Others)).ToList();
        for (var i = 0; i < 2; i++)
            words.Insert(_random.Next(words.Count), Of(Topics[topic]));
        var text = string.Join(' ', words);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}{Of([".", "!", " ..."])}";
    }

    private static int QueueOf(int topic, string plan) => topic == 3 && plan != "free" ? 2 : topic;

    private int Topic() => _random.NextDouble() switch
    {
        < 0.3 => 0,
        < 0.55 => 1,
        < 0.7 => 2,
        _ => 3,
    };

    private string Of(string[] several) => several[_random.Next(several.Length)];

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <summary>A customer of the shop.</summary>
internal sealed record Buyer(int Id, string Plan, string Country, DateTime Since);
