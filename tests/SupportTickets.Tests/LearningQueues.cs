namespace SupportTickets.Tests;

/// <summary>What comes of three months of tickets: a model about as good as anyone can be, and papers that say
/// so.</summary>
public sealed class LearningQueues
{
    [UnixFact]
    public void TheModelIsAboutAsGoodAsAnyoneCanBe()
    {
        using var desk = HelpDesk.WithVersion1();
        var accuracy = desk.Metric("accuracy");
        // 600 held-out tickets: a standard error of 0.012.
        Assert.InRange(accuracy, TicketWorld.BestAccuracy - 0.06, TicketWorld.BestAccuracy + 0.04);
        Assert.Equal("multiclass", $"{desk.Report("Evaluate/evaluation.json").GetProperty("task")}".ToLowerInvariant());
        // Growing is a third of all tickets and belongs to two queues: both sources are needed.
        Assert.True(desk.RiseWithout("plan") > 0.1);
        Assert.True(desk.RiseWithout("text") > 0.5);
        Assert.True(desk.RiseWithout("channel") < 0.05);
    }

    [UnixFact]
    public void TheProgramLeavesOutWhatIsNoTicket()
    {
        using var desk = HelpDesk.WithVersion1();
        Assert.Contains("selftest", File.ReadAllText(desk.PathOf("tickets/2024-01.jsonl")));
        var cleaned = desk.Read("Clean/2024-01/tickets.jsonl");
        Assert.DoesNotContain("selftest", cleaned);
        Assert.DoesNotContain("#", cleaned);
        Assert.Equal(0, desk.Report("Ingest/2024-01/ingest.json").GetProperty("quarantined").GetInt32());
        // Those that were moved are there twice, and the later one counts.
        Assert.InRange(desk.Report("Ingest/2024-01/ingest.json").GetProperty("duplicates").GetInt32(), 1, 30);
    }

    [UnixFact]
    public void TicketsWithoutACustomerStay()
    {
        using var desk = HelpDesk.WithVersion1();
        var (tickets, without) = (0, 0);
        foreach (var month in (string[])["2024-01", "2024-02", "2024-03"])
        {
            var report = desk.Report($"Join/{month}/join.json");
            tickets += report.GetProperty("tickets").GetInt32();
            without += report.GetProperty("withoutCustomer").GetInt32();
        }
        Assert.Equal(2_400, tickets);
        Assert.InRange(without, 5, 60);
        var contract = desk.Report("Validate/validation.json").GetProperty("contract");
        Assert.Equal(tickets, contract.GetProperty("rowsAccepted").GetInt32());
    }

    [UnixFact]
    public void TheSweepsOptionsAreThoseOfTheModel()
    {
        using var desk = HelpDesk.WithVersion1();
        var chosen = desk.Report("Sweep/options.json");
        var because = $"{desk.Report("Sweep/sweep.json").GetProperty("choice").GetProperty("because")}";
        Assert.Contains("has the smallest mean log-loss of 2 points", because);
        var card = desk.Read("Card/card.md");
        Assert.Contains($"| `Leaves` | `{chosen.GetProperty("leaves")}` |", card);
        Assert.Contains($"| `LearningRate` | `{chosen.GetProperty("learningRate")}` |", card);
    }

    [UnixFact]
    public void PapersSpeakOfTicketsAndOfNothingElse()
    {
        using var desk = HelpDesk.WithVersion1();
        foreach (var paper in (string[])["Evaluate/evaluation.html", "Card/card.md", "Validate/validation.html"])
        {
            var text = desk.Read(paper);
            foreach (var word in (string[])["taxi", "fare", "trip", "dollar", "RMSE", "passenger"])
                Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{paper} speaks of {word}");
        }
        var card = desk.Read("Card/card.md");
        Assert.StartsWith("# ticket-queue\n", card);
        foreach (var queue in (string[])["billing", "technical", "account", "sales"])
            Assert.Contains($"| `{queue}` | ", card);
        Assert.Contains("| `customers=free` | ", card);
        Assert.Contains("| `channel=chat` | ", card);
        Assert.Contains("Features: `text_000` to `text_127`, `length`, `hour`, `channel`, ", card);
    }
}
