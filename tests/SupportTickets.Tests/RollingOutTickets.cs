namespace SupportTickets.Tests;

/// <summary>Another version comes to serve step by step, judged by the classes that it gives.</summary>
public sealed class RollingOutTickets
{
    [UnixFact]
    public async Task ACanaryIsJudgedByWhatItsRequestsGot()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        desk.AddMonth("2024-04", new(seed: 1));
        Assert.Contains("ticket-queue version 2 registered", desk.Register().Text);
        using var server = new TicketServer(desk);
        using var stop = new CancellationTokenSource();
        var requests = Task.Run(async () =>
        {
            // Each is keyed by its ticket, so that the versions share them.
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var text = TicketWorld.UsualTopics[i % 4][i % 6];
                await server.AskAsync(
                    new { id = $"{i}", opened_at = "2024-05-01 10:00:00", channel = "mail", text, plan = "free" });
                await Task.Delay(TimeSpan.FromMilliseconds(2));
            }
        });
        var deployed = await Task.Run(() => desk.Run("Deploy", "--model-version", "2", "--strategy", "canary"));
        await stop.CancelAsync();
        await requests;
        Assert.Contains("'production' now serves ticket-queue version 2", deployed.Succeeded().Text);
        Assert.Contains("version 2 gets 50 % of the requests", deployed.Text);
        Assert.Contains("Distance between the scores of both versions: 0.", deployed.Text);
    }
}
