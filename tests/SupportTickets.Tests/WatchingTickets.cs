using System.Text.Json;

namespace SupportTickets.Tests;

/// <summary>The serving model in later months: it is fine while tickets are as they were, and is trained anew when
/// their words are others.</summary>
public sealed class WatchingTickets
{
    [UnixFact]
    public void TicketsAsTheyWereAreFine()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        // So many that a Brier score as before can be told from a larger one.
        desk.Export("recent/2024-04.jsonl", new(seed: 1) { TicketsPerMonth = 6_000 }, "2024-04");
        var retrain = desk.Run(
            "Retrain", "--options-from", "Sweep", "--recent-tickets", desk.PathOf("recent")).Succeeded();
        Assert.Equal("Fine", $"{desk.Report("Monitor/monitor.json").GetProperty("verdict")}");
        Assert.Contains(
            "nothing to do: the rows of 2024-04 look like those that version 1 was trained on", retrain.Text);
    }

    [UnixFact]
    public void OtherWordsMakeAnotherModelServe()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        var before = desk.Metric("accuracy");
        // A new product: who has trouble with it speaks of other things.
        var topics = TicketWorld.UsualTopics;
        topics[1] = ["assistant", "prompt", "hallucination", "Antwort", "agent", "tokens"];
        foreach (var month in (string[])["2024-04", "2024-05"])
            desk.Export($"recent/{month}.jsonl", new(seed: 1, topics), month);

        var retrain = desk.Run(
            "Retrain", "--options-from", "Sweep", "--recent-tickets", desk.PathOf("recent")).Succeeded();
        var monitor = desk.Report("Monitor/monitor.json");
        Assert.Equal("Degraded", $"{monitor.GetProperty("verdict")}");
        Assert.Contains("share of tickets in the right queue: 0.", retrain.Text);
        Assert.Contains("prediction (prediction): drift", retrain.Text);
        Assert.Contains("most moved: 'technical' ", retrain.Text);
        // Slots of words are features like others, called by the words that moved; what did not move is not said to.
        Assert.Matches(
            "  text ('[a-z]+', )?'(assistant|prompt|hallucination|antwort|agent|tokens)'(, '[a-z]+')? "
            + @"\(text_[0-9]{3}\): drift", retrain.Text);
        Assert.DoesNotContain("channel: drift", retrain.Text);
        Assert.DoesNotContain("plan: drift", retrain.Text);

        Assert.Contains("'production' now serves ticket-queue version 2 instead of version 1", retrain.Text);
        // The old tickets are in the hold-out too, and the new words are known now.
        Assert.InRange(desk.Metric("accuracy"), before - 0.03, TicketWorld.BestAccuracy + 0.04);
        // The share of a country is another one among all tickets.
        Assert.Contains(
            "Compared with v1 on the same rows. Its features are those that it serves, fitted on its own training "
            + "rows.",
            retrain.Text);
        var comparison = desk.Report("Evaluate/evaluation.json").GetProperty("overall");
        Assert.Equal(JsonValueKind.Object, comparison.GetProperty("championMetrics").ValueKind);
        var (loss, champion) = (comparison.GetProperty("metrics").GetProperty("loss").GetDouble(),
            comparison.GetProperty("championMetrics").GetProperty("loss").GetDouble());
        Assert.True(loss < 0.9 * champion, $"{loss} of version 2, {champion} of version 1");
    }
}
