using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SupportTickets.Tests;

/// <summary>The model over HTTP: classes for new tickets, by the features of training.</summary>
public sealed class ServingTickets
{
    [UnixFact]
    public async Task NewTicketsGetTheirQueue()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        using var server = new TicketServer(desk);
        const string text = "We need more seats, please UPGRADE";
        var answer = await server.AskAsync(
            new { id = "a", opened_at = "2024-04-01 10:00:00", channel = "mail", text, plan = "free", country = "de" },
            new { id = "b", opened_at = "2024-04-01 10:00:00", channel = "mail", text, plan = "team", country = "de" },
            new { id = "c", opened_at = "2024-04-01 10:00:00", channel = "web", text = "An ERROR: timeout, api" });
        Assert.Equal(["sales", "account", "technical"], answer.Select(one => $"{one.GetProperty("class")}"));
        Assert.All(answer, one => Assert.Equal(
            1, one.GetProperty("probabilities").EnumerateObject().Sum(queue => queue.Value.GetDouble()), 1e-5));
    }

    [UnixFact]
    public async Task RequestsAreCheckedByTheContract()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        using var server = new TicketServer(desk);
        var refused = await server.PostAsync(
            new { id = "a", opened_at = "2024-04-01 10:00:00", channel = "fax", text = "hello", plan = "gold" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var said = await refused.Content.ReadAsStringAsync();
        Assert.Contains("field 'channel' is fax, which breaks the contract: one of mail, chat, phone, web", said);
        Assert.Contains("field 'plan' is gold, which breaks the contract: one of free, team, enterprise", said);
        var label = await server.PostAsync(new
        {
            id = "a",
            opened_at = "2024-04-01 10:00:00",
            channel = "web",
            text = "hello",
            queue = "sales",
        });
        Assert.Equal(HttpStatusCode.BadRequest, label.StatusCode);
        Assert.Contains("'queue'", await label.Content.ReadAsStringAsync());
    }

    [UnixFact]
    public async Task ServedFeaturesAreThoseOfTraining()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        var customers = new TicketWorld(seed: 1).Customers.ToDictionary(customer => customer.Id);
        var asked = File.ReadLines(desk.PathOf("artifacts/Clean/2024-02/tickets.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(ticket => customers.ContainsKey(ticket.GetProperty("customer").GetInt32()))
            .DistinctBy(ticket => $"{ticket.GetProperty("id")}").Take(300).ToArray();
        using (var server = new TicketServer(desk, "--prediction-log", desk.PathOf("predictions")))
        {
            foreach (var tickets in asked.Chunk(100))
            {
                await server.AskAsync([.. tickets.Select(ticket => new
                {
                    id = $"{ticket.GetProperty("id")}",
                    opened_at = $"{ticket.GetProperty("opened_at")}",
                    channel = $"{ticket.GetProperty("channel")}",
                    text = $"{ticket.GetProperty("text")}",
                    plan = customers[ticket.GetProperty("customer").GetInt32()].Plan,
                    country = customers[ticket.GetProperty("customer").GetInt32()].Country,
                })]);
            }
            server.Stop();
        }
        desk.Run("Skew", "--prediction-log", desk.PathOf("predictions")).Succeeded();
        var skew = desk.Report("Skew/skew.json");
        Assert.Equal("Same", $"{skew.GetProperty("verdict")}");
        Assert.Equal(300, skew.GetProperty("joined").GetInt32());
    }
}
