using System.Globalization;
using System.Net;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>What a version of a rollout does is counted for it: every failure that is not the request's own, and one
/// score for each request.</summary>
public sealed class CountingOutcomes : IDisposable
{
    private static int _refusals;

    // Fails where the meter says 7, and refuses a row as often as a test has said.
    private static readonly FeatureSet<Ride> Features = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Categorical("zone", ride => ride.Zone)
        .Numeric("hour", ride => ride.PickupAt.TimeOfDay.TotalHours)
        .Numeric("passengers", ride => ride.Passengers)
        .Categorical("shared", ride => ride.Shared is { } shared ? shared ? 1 : 0 : null)
        .Numeric("flagged", ride => ride.Flag == "Y" ? 1 : 0)
        .Numeric("meter", ride => ride.Meter == 7 ? throw new InvalidOperationException("no meter 7")
            : Interlocked.Exchange(ref _refusals, 0) == 1 ? throw new ArgumentException("refused") : ride.Meter);

    private readonly ModelPlace _place = new();

    public CountingOutcomes()
    {
        foreach (var model in (RideModel[])[RideModel.Trees, RideModel.Linear])
            _place.Deploy(
                model, "production", ("golden.json", model.Golden), ("features.code.txt", RideModel.CodeOf(Features)));
        _place.Rollback(1);
    }

    private static ModelDefinition<Ride> Definition => Ride.Definition with { Features = Features };

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task AFailureThatNobodyThoughtOfIsTheVersions()
    {
        await using var server = await RunningServer.StartAsync(_place.Options, Definition);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);

        for (var i = 0; i < 40; i++)
            Assert.Equal(HttpStatusCode.InternalServerError, (await PredictAsync(server, i, meter: 7)).Status);

        var status = await _place.StepAsync(server, 1, status => status.Champion.Requests + status.Own.Requests == 40);
        Assert.InRange(status.Own.Failed, 5, 35);
        Assert.Equal(40, status.Own.Failed + status.Champion.Failed);
        await server.MetricsOnceAsync(Count(500, 1, status.Champion.Failed));
        await server.MetricsOnceAsync(Count(500, 2, status.Own.Failed));
    }

    [Fact]
    public async Task ARowThatTheCandidateAloneRefusesIsItsFailure()
    {
        await using var server = await RunningServer.StartAsync(_place.Options, Definition);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);
        var own = 0;
        for (var i = 0; i < 40; i++)
            own += (await PredictAsync(server, i, meter: 8)).Version == 2 ? 1 : 0;
        await _place.StepAsync(server, 1, status => status.Champion.Requests + status.Own.Requests == 40);
        _place.RollOut(RolloutChange.Shared, 51);
        await _place.StepAsync(server, 2);

        for (var i = 0; i < 40; i++)
        {
            _refusals = 1;
            Assert.Equal(HttpStatusCode.BadRequest, (await PredictAsync(server, i, meter: 8)).Status);
            // Both refuse this one, which is the request's own fault.
            Assert.Equal(HttpStatusCode.BadRequest, (await PredictAsync(server, i, meter: 8, zone: 99_000_000)).Status);
        }
        await PredictAsync(server, 41, meter: 8);

        var status = await _place.StepAsync(
            server, 2, status => status.Champion.Answered + status.Own.Answered == 1);
        Assert.InRange(own, 5, 35);
        // One percent more may be one key more.
        Assert.InRange(status.Own.Failed, own, own + 3);
        Assert.Equal(0, status.Champion.Failed);
    }

    // One client that asks a thousand times would be a thousand pieces of evidence.
    [Fact]
    public async Task AKeyCountsOnceInEachStep()
    {
        await using var server = await RunningServer.StartAsync(_place.Options, Definition);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);
        for (var i = 0; i < 60; i++)
            await PredictAsync(server, i % 20, meter: 8);
        // Nor does it fail then.
        for (var i = 0; i < 20; i++)
            await PredictAsync(server, i, meter: 7);

        await _place.StepAsync(server, 1, status =>
            status.Champion.Answered + status.Own.Answered == 20 && status.Champion.Failed + status.Own.Failed == 0);

        _place.RollOut(RolloutChange.Shared, 60);
        await _place.StepAsync(server, 2);
        for (var i = 0; i < 20; i++)
            await PredictAsync(server, i, meter: 7);
        await _place.StepAsync(server, 2, status =>
            status.Champion.Answered + status.Own.Answered == 0 && status.Champion.Failed + status.Own.Failed == 20);
    }

    // They all go to the champion, and may be those of another kind of client.
    [Fact]
    public async Task ARequestWithoutKeyIsNoEvidence()
    {
        await using var server = await RunningServer.StartAsync(_place.Options, Definition with
        {
            ServedKey = ride => ride.Meter == 8 ? throw new InvalidOperationException("no key") : Definition.Key(ride),
        });
        _place.RollOut(RolloutChange.Started, 100);
        await _place.StepAsync(server, 1);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, (await PredictAsync(server, i, meter: 8)).Version);
            Assert.Equal(2, (await PredictAsync(server, i, meter: 9)).Version);
        }
        await _place.StepAsync(server, 1, status => (status.Champion.Requests, status.Own.Requests) == (0, 20));
    }

    [Fact]
    public async Task ARequestOfManyRowsCountsAsOne()
    {
        await using var server = await RunningServer.StartAsync(_place.Options, Definition);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);

        for (var i = 0; i < 20; i++)
            await server.PredictAsync(RideJson.Of(Enumerable.Range(i, 100).Select(Ride.Number)));

        var status = await _place.StepAsync(server, 1, status => status.Champion.Requests + status.Own.Requests == 20);
        Assert.Equal(status.Champion.Answered, status.Champion.Scores.Sum());
        Assert.Equal(status.Own.Answered, status.Own.Scores.Sum());
    }

    private static string Count(int status, int version, long count) => string.Create(
        CultureInfo.InvariantCulture,
        $"mlbuild_predict_duration_seconds_count{{status=\"{status}\",version=\"{version}\"}} {count}");

    private static Task<Answer> PredictAsync(RunningServer server, int number, long meter, int? zone = null)
    {
        var ride = Ride.Number(number);
        ride.Meter = meter;
        ride.Zone = zone ?? ride.Zone;
        return server.PredictAsync(RideJson.Of(ride).ToJsonString());
    }
}
