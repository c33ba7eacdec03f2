using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Tests;

/// <summary>What a server keeps of the features that it computed.</summary>
public sealed class LoggingFeatures : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    private string File => Path.Combine(_place.Store, "served.jsonl");

    private ServingOptions Options => _place.Options with { FeatureLog = File };

    [Fact]
    public async Task EveryPredictedRowIsALineThatReadsBackToTheSameBits()
    {
        _place.Deploy(RideModel.Trees);
        var rides = Enumerable.Range(1000, 50).Select(Ride.Number).ToArray();
        await using (var server = await RunningServer.StartAsync(Options))
        {
            await server.PredictAsync(RideJson.Of(rides[..20]));
            await server.PredictAsync(RideJson.Of(rides[20..]));
            await server.PredictAsync("[{}]");
        }

        var lines = System.IO.File.ReadAllLines(File).Select(line => JsonElement.Parse(line)).ToArray();

        Assert.Equal(
            rides.Select(ride => $"{Ride.Definition.Key(ride)}"),
            lines.Select(line => line.GetProperty("key").GetString()));
        Assert.All(lines, line => Assert.Equal(1, line.GetProperty("version").GetInt32()));
        Assert.Equal(
            rides.SelectMany(ride => Ride.Features.Serve(MLBuild.Learning.Features.FeatureState.None, ride))
                .Select(BitConverter.SingleToInt32Bits),
            lines.SelectMany(line => line.GetProperty("features").EnumerateObject()).Select(feature => feature.Value)
                .Select(value => value.ValueKind == JsonValueKind.String ? float.NaN : value.GetSingle())
                .Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public async Task AServerAddsToWhatIsThere()
    {
        _place.Deploy(RideModel.Trees);
        for (var start = 1; start <= 2; start++)
        {
            await using var server = await RunningServer.StartAsync(Options);
            await server.PredictAsync(RideJson.Of(Ride.Number(start)).ToJsonString());
            await server.StopAsync();
            Assert.Equal(start, System.IO.File.ReadLines(File).Count());
        }
    }

    // As a server leaves it that was killed while it wrote.
    [Theory]
    [InlineData("", 0)]
    [InlineData("{\"key\":\"ab\",\"vers", 0)]
    [InlineData("{\"key\":\"ab\",\"version\":1,\"features\":{}}\n{\"key\":\"cd\",\"vers", 1)]
    [InlineData("{\"key\":\"ab\",\"version\":1,\"features\":{}}\n", 1)]
    public async Task AServerTakesAwayALineWithoutAnEnd(string before, int whole)
    {
        _place.Deploy(RideModel.Trees);
        System.IO.File.WriteAllText(File, before);
        await using (var server = await RunningServer.StartAsync(Options))
            await server.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString());
        var lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(whole + 1, lines.Length);
        Assert.All(lines, line => JsonElement.Parse(line));
    }

    [Fact]
    public async Task AHalfLineOfManyBlocksIsTakenAwayToo()
    {
        _place.Deploy(RideModel.Trees);
        System.IO.File.WriteAllText(File, "{}\n" + new string('x', 9_000));
        await using (await RunningServer.StartAsync(Options))
            Assert.Equal("{}\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public async Task RequestsAtOnceGiveWholeLines()
    {
        _place.Deploy(RideModel.Trees);
        await using (var server = await RunningServer.StartAsync(Options))
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.PredictAsync(
                RideJson.Of([.. Enumerable.Range(i * 20, 20).Select(Ride.Number)]))));
        var lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(400, lines.Length);
        Assert.All(lines, line => JsonElement.Parse(line));
    }

    [Fact]
    public async Task ARowWithoutAKeyIsAnsweredAndNotLogged()
    {
        _place.Deploy(RideModel.Trees);
        var definition = Ride.Definition with
        {
            ServedKey = ride => RowKey.Of($"{ride.Zone}|{ride.Passengers!.Value}"),
        };
        await using (var server = await RunningServer.StartAsync(Options, definition))
        {
            // The first has no passengers.
            var answer = await server.PredictAsync(RideJson.Of([Ride.Number(0), Ride.Number(1)]));
            Assert.Equal(2, answer.Json.GetProperty("predictions").GetArrayLength());
        }
        Assert.Single(System.IO.File.ReadAllLines(File));
    }

    [Fact]
    public async Task AServerThatIsDisposedUnstartedLetsGoOfTheFile()
    {
        _place.Deploy(RideModel.Trees);
        await using (Build())
            Assert.StartsWith($"The server cannot start: --feature-log is '{File}', which cannot be written: ",
                Assert.Throws<ServingException>(Build).Message);
        await using (Build())
        {
        }

        WebApplication Build() => ModelServer.Build(Options, Ride.Definition, Ride.Served, new ManualClock());
    }

    [Fact]
    public void AKeyOfColumnsThatRequestsHaveNotIsRefused()
    {
        _place.Deploy(RideModel.Trees);
        var definition = Ride.Definition with { Key = ride => RowKey.Of($"{ride.DropoffAt.Ticks}|{ride.Zone}") };

        Assert.Equal(
            "Served rows are named with a key from columns that requests do not have: the key reads 'dropoff'. "
            + "Give the model definition a ServedKey of the columns they have.",
            Assert.Throws<ServingException>(
                () => ModelServer.Build(Options, definition, Ride.Served, new ManualClock())).Message);
        ModelServer.Build(
            Options, definition with { ServedKey = Ride.Definition.Key }, Ride.Served, new ManualClock());
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsRefused()
    {
        _place.Deploy(RideModel.Trees);

        Assert.StartsWith(
            $"The server cannot start: --feature-log is '{_place.Store}', which cannot be written: ",
            Assert.Throws<ServingException>(() => ModelServer.Build(
                Options with { FeatureLog = _place.Store }, Ride.Definition, Ride.Served, new ManualClock())).Message);
    }
}
