using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SupportTickets.Tests;

/// <summary>A server of queues, as a process on a free port.</summary>
internal sealed partial class TicketServer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _rest;
    private readonly HttpClient _client = new();

    public TicketServer(HelpDesk desk, params string[] arguments)
    {
        _process = Process.Start(desk.Start(
        [
            "serve", "--store", desk.PathOf(".nuke/mlbuild"), "--urls", "http://127.0.0.1:0", .. arguments,
        ]))!;
        var errors = _process.StandardError.ReadToEndAsync();
        var said = "";
        while (!Listening().IsMatch(said) && _process.StandardOutput.ReadLine() is { } line)
            said += line + "\n";
        Assert.True(Listening().IsMatch(said), said + (_process.HasExited ? errors.Result : ""));
        _client.BaseAddress = new(Listening().Match(said).Groups[1].Value);
        // Drained, or a full pipe would hold the server up.
        _rest = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>What is predicted for each ticket.</summary>
    public async Task<JsonElement[]> AskAsync(params object[] tickets)
    {
        var answer = await PostAsync(tickets);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("predictions").EnumerateArray()];
    }

    public Task<HttpResponseMessage> PostAsync(object rows) => _client.PostAsJsonAsync("/predict", rows);

    /// <summary>Tells it to stop, and waits until it has ended what it began.</summary>
    public void Stop()
    {
        SystemProcess.Send(_process.Id, SystemProcess.SigTerm);
        Assert.Contains("Stopped.", _rest.Result);
        _process.WaitForExit();
        Assert.Equal(0, _process.ExitCode);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(" on (http://127[.]0[.]0[.]1:[0-9]+)")]
    private static partial Regex Listening();
}
