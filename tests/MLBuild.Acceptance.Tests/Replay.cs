using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MLBuild.Acceptance.Tests;

/// <summary>Sends the trips of a month to a server, one request each, and keeps what the answers were worth: who sends
/// them knows the fares.</summary>
internal sealed class Replay(string address) : IDisposable
{
    private const int Senders = 8;

    private readonly HttpClient _client = new();
    private readonly ConcurrentDictionary<int, Errors> _errors = new();
    private int _refused;

    /// <summary>Requests that were answered, by the version that did.</summary>
    public IReadOnlyDictionary<int, Errors> Answered => _errors;

    /// <summary>Trips that break the contract, which the server says.</summary>
    public int Refused => _refused;

    /// <summary>Sends each trip once, as fast as they are answered.</summary>
    /// <param name="trips">The lines of a file, without its header.</param>
    public Task SendAsync(IReadOnlyList<string> trips) => SendAsync(trips, pass: 0, perSecond: null, default);

    /// <summary>Sends the trips again and again until it is told to stop, each time as if they began a second later:
    /// other requests, with keys of their own.</summary>
    public async Task SendUntilAsync(IReadOnlyList<string> trips, int perSecond, CancellationToken cancel)
    {
        for (var pass = 0; !cancel.IsCancellationRequested; pass++)
            await SendAsync(trips, pass, perSecond, cancel);
    }

    private Task SendAsync(IReadOnlyList<string> trips, int pass, int? perSecond, CancellationToken cancel)
    {
        var next = -1;
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref next) is var i && i < trips.Count && !cancel.IsCancellationRequested)
                {
                    var early = TimeSpan.FromSeconds((double)i / perSecond ?? 0) - clock.GetElapsedTime(started);
                    if (early > TimeSpan.Zero)
                        await Task.Delay(early, CancellationToken.None);
                    await SendAsync(trips[i].Split(','), pass);
                }
            },
            CancellationToken.None)));
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(string[] trip, int pass)
    {
        var answer = await _client.PostAsJsonAsync($"{address}/predict", new
        {
            vendor_id = Whole(trip[0]),
            pickup_datetime = Later(trip[1], pass),
            passenger_count = Whole(trip[3]),
            trip_distance = double.Parse(trip[4], CultureInfo.InvariantCulture),
            rate_code_id = Whole(trip[5]),
            pickup_location_id = Whole(trip[7]),
            dropoff_location_id = Whole(trip[8]),
        });
        if (answer.StatusCode == HttpStatusCode.BadRequest)
        {
            Interlocked.Increment(ref _refused);
            return;
        }
        var json = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var fare = double.Parse(trip[10], CultureInfo.InvariantCulture);
        // What is known only at the end may break the contract too: such a trip has no fare to compare with.
        if (fare is >= 2.5 and <= 250)
            _errors.GetOrAdd(json.GetProperty("version").GetInt32(), _ => new())
                .Add(Math.Abs(json.GetProperty("predictions")[0].GetDouble() - fare));
    }

    private static string Later(string time, int seconds) => DateTime.Parse(time, CultureInfo.InvariantCulture)
        .AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static int? Whole(string text) =>
        text.Length == 0 ? null : (int)double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Absolute errors in dollars.</summary>
    public sealed class Errors
    {
        private double _sum;

        public int Count { get; private set; }

        public double Mean => _sum / Count;

        public void Add(double error)
        {
            lock (this)
            {
                _sum += error;
                Count++;
            }
        }
    }
}
