using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace MLBuild.Serving.Tests;

/// <summary>Clients that each send one ride after the other until they are told to stop, and keep what became of
/// each.</summary>
internal sealed class Senders
{
    private readonly ConcurrentQueue<Sent> _sent = new();
    private readonly Task[] _clients;
    private volatile bool _isOver;

    public Senders(HttpClient client, int count)
    {
        Count = count;
        _clients = [.. Enumerable.Range(0, count).Select(number => Task.Run(() => SendAsync(client, number)))];
    }

    public int Count { get; }

    /// <summary>Waits until so many more requests have ended.</summary>
    public Task MoreAsync(int requests)
    {
        var enough = _sent.Count + requests;
        return RunningBalancer.OnceAsync(() => Task.FromResult(_sent.Count >= enough));
    }

    public async Task<Sent[]> StopAsync()
    {
        _isOver = true;
        await Task.WhenAll(_clients);
        return [.. _sent];
    }

    private async Task SendAsync(HttpClient client, int number)
    {
        for (var i = number; !_isOver; i += Count)
        {
            var began = Stopwatch.GetTimestamp();
            HttpStatusCode? status = null;
            try
            {
                using var content = new StringContent(
                    RideJson.Of(Ride.Number(i)).ToJsonString(), Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("/predict", content);
                status = response.StatusCode;
            }
            catch (HttpRequestException)
            {
                // Cut off within its answer.
            }
            _sent.Enqueue(new(began, status));
        }
    }
}

/// <param name="Began">As <see cref="Stopwatch.GetTimestamp"/>.</param>
/// <param name="Status">Null where there was no whole answer.</param>
internal sealed record Sent(long Began, HttpStatusCode? Status)
{
    public bool IsLost => Status != HttpStatusCode.OK;
}
