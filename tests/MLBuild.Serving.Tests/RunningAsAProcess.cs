using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>A server as a program: how it starts, and how it ends.</summary>
public sealed partial class RunningAsAProcess : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [UnixFact]
    public async Task ServesFollowsAndEndsWhenItIsTold()
    {
        _place.Deploy(RideModel.Trees);
        using var server = Start("http://127.0.0.1:0");

        var first = server.ReadLine()!;
        Assert.Matches(
            $@"^{Time} info: MLBuild\.Serving\[0\] Serving version 1 of model 'ride-fare' \({Hash(RideModel.Trees)}\), "
            + @"deployed to 'production' at 2026-11-20 08:30:15Z by ann, on http://127\.0\.0\.1:[1-9][0-9]*\.$",
            first);
        using var client = new HttpClient { BaseAddress = new(AddressPattern.Match(first).Value) };
        Assert.Equal("""{"status":"healthy","version":1,"fault":null}""", await client.GetStringAsync("/health/ready"));

        _place.Deploy(RideModel.Linear, golden: "[]");
        Assert.Matches(
            $@"^{Time} fail: MLBuild\.Serving\[0\] Version 2 of model 'ride-fare' must not serve\. "
            + @"These are not golden rows: there are none\. Version 1 keeps serving\.$",
            server.ReadLine());
        _place.Deploy(RideModel.Linear);
        Assert.Matches(
            $@"^{Time} info: MLBuild\.Serving\[0\] Serving version 2 of model 'ride-fare' "
            + $@"\({Hash(RideModel.Linear)}\), ",
            server.ReadLine());

        server.Terminate();
        var (output, error, exitCode) = server.End();
        Assert.Matches(
            $@"^{Time} info: MLBuild\.Serving\[0\] Not ready any more; requests are answered for another 1 s\.\n"
            + $@"{Time} info: MLBuild\.Serving\[0\] Stopped\.\n$",
            output);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void SaysWhyItDoesNotStart()
    {
        using var server = Start("http://127.0.0.1:0");

        Assert.Equal(
            (
                "",
                "Nothing is deployed to 'production'. Run ./build.sh Deploy --model-version N first."
                + Environment.NewLine,
                1),
            server.End());
    }

    // With one thread for all work, what follows the registry has not begun when the server gives up.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SaysThatItsPlaceIsTaken(bool hasOneThread)
    {
        _place.Deploy(RideModel.Trees);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";
        using var server = new ServerProcess(hasOneThread ? OneThread : [], Arguments(url));

        var (output, error, exitCode) = server.End();
        Assert.Equal("", output);
        Assert.Equal(
            $"The server cannot listen on {url}: Failed to bind to address {url}: address already in use. "
            + $"Choose another place: --urls.{Environment.NewLine}",
            error);
        Assert.Equal(1, exitCode);
    }

    [UnixFact]
    public async Task BodiesOfAHundredMegabytesTakeNoMemory()
    {
        _place.Deploy(RideModel.Trees);
        using var server = Start("http://127.0.0.1:0");
        var address = new Uri(AddressPattern.Match(server.ReadLine()!).Value);
        await Pour(address);
        var before = server.PeakMemoryBytes;

        for (var body = 0; body < 10; body++)
            await Pour(address);

        Assert.InRange(server.PeakMemoryBytes - before, 0, 50_000_000);
        using var client = new HttpClient { BaseAddress = address };
        using var answer = await client.PostAsync("/predict", new StringContent(
            RideJson.Of(Ride.Number(4)).ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    // Sends all of it, unless the server hangs up before.
    private static async Task Pour(Uri address)
    {
        using var connection = await RawConnection.OpenAsync(address);
        await connection.SendAsync(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n");
        var part = new string(' ', 1 << 20);
        try
        {
            for (var sent = 0; sent < 100; sent++)
                await connection.SendAsync(part);
        }
        catch (IOException)
        {
        }
    }

    private const string Time = @"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}Z";

    private static string Hash(RideModel model) => ContentHash.Of(model.Bytes).Short;

    private static Dictionary<string, string> OneThread => new()
    {
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "1",
        ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1",
    };

    private ServerProcess Start(string url) => new(Arguments(url));

    private string[] Arguments(string url) =>
        ["--store", _place.Store, "--registry", _place.RegistryFile, "--urls", url];

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+")]
    private static partial Regex AddressPattern { get; }
}
