using System.Net;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>A shadow scores when nobody waits: it keeps no connection, and takes no turn that a request
/// wants.</summary>
public sealed class ShadowingRequests : IDisposable
{
    // What is looked at before a server starts has other meters.
    private const long Slow = 9_009;
    private const long First = 9_001;
    private const long Second = 9_002;

    private static readonly ManualResetEventSlim IsOpen = new(initialState: true);
    private static int _slow;

    // The second time that it is computed is the shadow's.
    private static readonly FeatureSet<Ride> Features = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Categorical("zone", ride => ride.Zone)
        .Numeric("hour", ride => ride.PickupAt.TimeOfDay.TotalHours)
        .Numeric("passengers", ride => ride.Passengers)
        .Categorical("shared", ride => ride.Shared is { } shared ? shared ? 1 : 0 : null)
        .Numeric("flagged", ride => ride.Flag == "Y" ? 1 : 0)
        .Numeric("meter", ride =>
        {
            if (ride.Meter == Slow && Interlocked.Increment(ref _slow) == 2)
                IsOpen.Wait();
            return ride.Meter;
        });

    private readonly ModelPlace _place = new();

    public ShadowingRequests()
    {
        foreach (var model in (RideModel[])[RideModel.Trees, RideModel.Linear])
            _place.Deploy(
                model, "production", ("golden.json", model.Golden), ("features.code.txt", RideModel.CodeOf(Features)));
        _place.Rollback(1);
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.Shadow);
        _slow = 0;
        IsOpen.Reset();
    }

    public void Dispose()
    {
        IsOpen.Set();
        _place.Dispose();
    }

    [Fact]
    public async Task ASlowShadowKeepsNoConnection()
    {
        await using var server = await StartAsync(maxScoring: 4, KeyOf);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
        {
            BaseAddress = server.Client.BaseAddress,
        };

        using var first = await PostAsync(client, Slow);
        using var second = await PostAsync(client, First).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await _place.StepAsync(server, 1, status => status.Own.Requests == 1);

        IsOpen.Set();
        var status = await _place.StepAsync(server, 1, status => status.Own.Requests == 2);
        Assert.Equal((2, 0), (status.Own.Answered, status.Own.Failed));
        await server.MetricsOnceAsync("mlbuild_shadow_missed_total 0");
    }

    [Fact]
    public async Task AShadowMissesARequestWhereAnotherOneHasTheTurn()
    {
        using var entered = new SemaphoreSlim(0);
        using var firstEnds = new ManualResetEventSlim();
        using var secondEnds = new ManualResetEventSlim();
        await using var server = await StartAsync(maxScoring: 1, ride =>
        {
            if (ride.Meter is First or Second)
            {
                entered.Release();
                (ride.Meter == First ? firstEnds : secondEnds).Wait();
            }
            return KeyOf(ride);
        });
        var first = PostAsync(server.Client, First);
        await EnteredAsync(first);
        var second = PostAsync(server.Client, Second);
        await server.MetricsOnceAsync("mlbuild_predict_waiting 1");

        firstEnds.Set();
        using var answer = await first;
        await EnteredAsync(second);

        await server.MetricsOnceAsync("mlbuild_shadow_missed_total 1");
        secondEnds.Set();
        (await second).Dispose();
        await _place.StepAsync(server, 1, status => status.Own.Requests == 1);

        // One that is answered instead never enters.
        async Task EnteredAsync(Task request)
        {
            var entering = entered.WaitAsync();
            Assert.Same(entering, await Task.WhenAny(entering, request));
        }
    }

    private static RowKey KeyOf(Ride ride) => RowKey.Of($"{ride.Meter}");

    private Task<RunningServer> StartAsync(int maxScoring, Func<Ride, RowKey> key) =>
        RunningServer.StartAsync(
            _place.Options with { Limits = _place.Options.Limits with { MaxScoring = maxScoring } },
            Ride.Definition with { Features = Features, ServedKey = key });

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, long meter)
    {
        var ride = Ride.Number(4);
        ride.Meter = meter;
        return client.PostAsync("/predict", new StringContent(
            RideJson.Of(ride).ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
    }
}
