using System.Net.Http.Json;
using System.Text.Json;
using MLBuild.Stages.Tests.Site;
using MLBuild.Stages.Tests.Tables;

namespace MLBuild.Acceptance.Tests;

/// <summary>The city's real trips, the project that learns from them, and what serves its model: two servers behind a
/// load balancer, which log what they predict.</summary>
internal sealed class TaxiSite : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    // There only so that a failure ends.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TaxiProject _project = new();
    private readonly List<TaxiServer> _servers = [];
    private TaxiServer? _balancer;

    public string Address => _balancer!.Address;

    private string Log => _project.PathOf("predictions/now");

    /// <summary>The files of all months before one.</summary>
    public static IEnumerable<string> Before(string month) => YellowTaxi.Months!.Where(file =>
        string.CompareOrdinal(Path.GetFileNameWithoutExtension(file), month) < 0);

    public static string FileOf(string month) =>
        YellowTaxi.Months!.Single(file => Path.GetFileNameWithoutExtension(file) == month);

    /// <summary>The lines of a month, without the header.</summary>
    public static string[] Trips(string month) => File.ReadAllLines(FileOf(month))[1..];

    public BuildResult Build(params IEnumerable<string> arguments) => _project.Run([.. arguments]);

    /// <summary>Starts both servers, then the balancer, and waits until it has seen both.</summary>
    public async Task StartAsync()
    {
        // They are started anew at the same address, which a system would have given to somebody else meanwhile.
        for (var i = 0; i < 2; i++)
            _servers.Add(Server($"http://127.0.0.1:{FreePort.Find()}"));
        _balancer = new(
            _project, AnyPort, "balance", "--servers", string.Join(';', _servers.Select(server => server.Address)));
        await AllReadyAsync();
    }

    /// <summary>Another server, of another environment.</summary>
    public TaxiServer ServerOf(string environment) =>
        new(_project, AnyPort, "--store", _project.PathOf(".nuke/mlbuild"), "--environment", environment);

    /// <summary>Starts the servers anew one after the other, which writes what they have logged, and puts that where
    /// nothing more is added.</summary>
    /// <returns>The folder of the month's log: <see cref="LogOf"/>.</returns>
    public async Task<string> EndMonthAsync(string month)
    {
        for (var i = 0; i < _servers.Count; i++)
        {
            _servers[i].Stop();
            var address = _servers[i].Address;
            _servers[i].Dispose();
            _servers[i] = Server(address);
            await AllReadyAsync();
        }
        var folder = LogOf(month);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Log, "*.parquet"))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    public string LogOf(string month) => _project.PathOf($"predictions/{month}");

    /// <summary>The version that one of the servers says it answers with.</summary>
    public async Task<int> ServedVersionAsync()
    {
        using var client = new HttpClient();
        return (await client.GetFromJsonAsync<JsonElement>($"{_servers[0].Address}/model"))
            .GetProperty("version").GetInt32();
    }

    /// <summary>What Monitor said last.</summary>
    public JsonElement MonitorReport() => JsonElement.Parse(_project.Read("artifacts/Monitor/monitor.json"));

    public void Dispose()
    {
        _balancer?.Dispose();
        foreach (var server in _servers)
            server.Dispose();
        _project.Dispose();
    }

    private TaxiServer Server(string url) =>
        new(_project, url, "--store", _project.PathOf(".nuke/mlbuild"), "--prediction-log", Log);

    private async Task AllReadyAsync()
    {
        using var client = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        while (await StatusAsync() is var status && status != "healthy")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"The balancer says '{status}'.");
            await Task.Delay(TimeSpan.FromSeconds(0.1));
        }

        // It answers 503 until it has seen one of them.
        async Task<string?> StatusAsync()
        {
            using var answer = await client.GetAsync($"{Address}/health/ready");
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
        }
    }
}
