using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MLBuild.Stages.Tests.Site;

/// <summary>A real browser without a window, with one page, driven by the protocol of its developer tools. Ended, and
/// its profile removed, when it is disposed of.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // There only so that a failure ends.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    // By the loader of each page: the one that a browser begins with may be loaded later than another is asked for.
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _loaded = new();
    private int _last;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the browser had to complain about since the last page was opened: errors of scripts, files that
    /// are not there, warnings.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    public static async Task<Chromium> Start()
    {
        var program = Environment.GetEnvironmentVariable(ChromiumFactAttribute.Variable) is { Length: > 0 } named
            ? named
            : throw new InvalidOperationException($"{ChromiumFactAttribute.Variable} names no Chromium.");
        var profile = Directory.CreateTempSubdirectory("mlbuild-chromium-").FullName;
        var start = new ProcessStartInfo(program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        var browser = new Chromium(Process.Start(start)!, profile);
        try
        {
            await browser.Connect().WaitAsync(Patience);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page and waits until all that it needs is there.</summary>
    public async Task Open(string address)
    {
        _complaints.Clear();
        var opened = await Ask("Page.navigate", new() { ["url"] = address });
        await Loaded((string)opened["loaderId"]!).Task.WaitAsync(Patience);
    }

    /// <summary>The value of an expression of JavaScript in the page.</summary>
    public async Task<T> Value<T>(string expression)
    {
        var answer = await Ask("Runtime.evaluate", new()
        {
            ["expression"] = expression,
            ["returnByValue"] = true,
            ["awaitPromise"] = true,
        });
        Assert.True(answer["exceptionDetails"] is null, $"{expression}\n{answer}");
        return answer["result"]!["value"].Deserialize<T>()!;
    }

    /// <param name="width">In CSS pixels.</param>
    public Task Resize(int width) => Ask("Emulation.setDeviceMetricsOverride", new()
    {
        ["width"] = width,
        ["height"] = 800,
        ["deviceScaleFactor"] = 1,
        ["mobile"] = width < 500,
    });

    /// <param name="scheme"><c>light</c> or <c>dark</c>, as people set it on their machine.</param>
    public Task Prefer(string scheme) => Ask("Emulation.setEmulatedMedia", new()
    {
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    public Task ForbidScripts() => Ask("Emulation.setScriptExecutionDisabled", new() { ["value"] = true });

    public async Task Press(string key, int code)
    {
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            var pressed = new JsonObject
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key,
                ["windowsVirtualKeyCode"] = code,
            };
            if (key == "Enter" && type == "keyDown")
                pressed["text"] = "\r";
            await Ask("Input.dispatchKeyEvent", pressed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        // Its children may still be writing when it has ended.
        for (var attempt = 0; Directory.Exists(_profile); attempt++)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task Connect()
    {
        Match found;
        var said = "";
        do
        {
            var line = await _process.StandardError.ReadLineAsync()
                ?? throw new InvalidOperationException($"Chromium ended before it could be asked.\n{said}");
            said += line + "\n";
            found = Regex.Match(line, @"ws://[^/]+");
        }
        while (!found.Success);
        // What else it says must not fill the pipes.
        _ = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient();
        var list = JsonNode.Parse(await http.GetStringAsync($"{found.Value.Replace("ws:", "http:")}/json"))!.AsArray();
        var page = list.First(target => (string?)target!["type"] == "page")!;
        await _socket.ConnectAsync(new((string)page["webSocketDebuggerUrl"]!), CancellationToken.None);
        _ = Listen();
        foreach (var domain in (string[])["Page", "Runtime", "Log"])
            await Ask($"{domain}.enable", []);
        await Ask("Page.setLifecycleEventsEnabled", new() { ["enabled"] = true });
    }

    private TaskCompletionSource Loaded(string loader) =>
        _loaded.GetOrAdd(loader, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task<JsonNode> Ask(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        var text = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        await _socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None);
        return await answer.Task.WaitAsync(Patience);
    }

    private async Task Listen()
    {
        try
        {
            var (message, part) = (new MemoryStream(), new byte[1 << 16]);
            while (true)
            {
                var received = await _socket.ReceiveAsync(part, CancellationToken.None);
                message.Write(part, 0, received.Count);
                if (!received.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception e)
        {
            foreach (var asked in _asked.Values)
                asked.TrySetException(e);
            foreach (var loaded in _loaded.Values)
                loaded.TrySetException(e);
        }
    }

    private void Take(JsonNode said)
    {
        if (said["id"] is { } id && _asked.TryRemove((int)id, out var asked))
        {
            if (said["error"] is { } error)
                asked.SetException(new InvalidOperationException(error.ToJsonString()));
            else
                asked.SetResult(said["result"]!);
            return;
        }
        switch ((string?)said["method"])
        {
            case "Page.lifecycleEvent" when (string?)said["params"]!["name"] == "load":
                Loaded((string)said["params"]!["loaderId"]!).TrySetResult();
                break;
            case "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded":
                _complaints.Enqueue(said["params"]!.ToJsonString());
                break;
        }
    }
}
