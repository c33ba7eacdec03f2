using System.Diagnostics;
using System.Threading.Channels;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>The taxi server under load, which the same machine makes: single trips at a fixed rate and as many as
/// it answers, and batches.</summary>
/// <remarks>At the fixed rate a latency begins when its request was due, so that one that had to wait for another is
/// not forgotten.</remarks>
internal static class ServingLoad
{
    private const int Rate = 1_000;
    private const int BatchRows = 1_000;
    private const int Connections = 16;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(8);

    public static IEnumerable<Figure> Measure(Place place)
    {
        var trip = ServedTaxiModel.Json(7);
        var batch = $"[{string.Join(',', Enumerable.Range(0, BatchRows).Select(ServedTaxiModel.Json))}]";
        using (var server = new ServedTaxiModel(place.New("serving"), isLogged: false))
        {
            Saturate(server, trip, Connections, Warmup);
            var latencies = AtRate(server, trip);
            yield return new("single trips at 1,000/s: p50", Percentile(latencies, 0.5), Unit.Milliseconds);
            yield return new("… p99", Percentile(latencies, 0.99), Unit.Milliseconds, new Goal.Below(5));
            yield return new("… p99.9", Percentile(latencies, 0.999), Unit.Milliseconds);
            var cpu = server.Cpu;
            var requests = Saturate(server, trip, Connections, Duration);
            yield return new("single trips, as many as are answered", requests / Duration.TotalSeconds,
                Unit.PerSecond, new Goal.AtLeast(10_000));
            yield return new("… the server's CPU time for one", (server.Cpu - cpu).TotalMilliseconds / requests,
                Unit.Milliseconds);
            Saturate(server, batch, connections: 2, Warmup);
            cpu = server.Cpu;
            var batches = Saturate(server, batch, connections: 2, Duration);
            yield return new("rows in batches of 1,000", batches * BatchRows / Duration.TotalSeconds,
                Unit.PerSecond, new Goal.AtLeast(100_000));
            yield return new("… the server's CPU time for a batch", (server.Cpu - cpu).TotalMilliseconds / batches,
                Unit.Milliseconds);
        }
        using (var server = new ServedTaxiModel(place.New("serving"), isLogged: true))
        {
            Saturate(server, trip, Connections, Warmup);
            yield return new("single trips at 1,000/s, logged: p99", Percentile(AtRate(server, trip), 0.99),
                Unit.Milliseconds, new Goal.Below(5));
            Saturate(server, batch, connections: 2, Warmup);
            yield return new("rows in batches of 1,000, logged",
                Saturate(server, batch, connections: 2, Duration) * BatchRows / Duration.TotalSeconds, Unit.PerSecond);
        }
    }

    // Each connection asks again as soon as it is answered.
    private static long Saturate(ServedTaxiModel server, string body, int connections, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new LoadConnection(server.Port, body);
            var count = 0L;
            for (; Stopwatch.GetElapsedTime(started) < duration; count++)
                await connection.AskAsync();
            return count;
        }))).GetAwaiter().GetResult();
        return counts.Sum();
    }

    /// <returns>In milliseconds, sorted.</returns>
    private static double[] AtRate(ServedTaxiModel server, string body)
    {
        var interval = TimeSpan.FromSeconds(1.0 / Rate);
        var total = (int)(Duration.TotalSeconds * Rate);
        var latencies = new double[total];
        var due = Channel.CreateUnbounded<int>(new() { SingleWriter = true });
        var started = Stopwatch.GetTimestamp();
        // One thread that sleeps says what is due: connections that waited by spinning would take both cores from the
        // server. Timers are no finer than a millisecond, and what they are late is in the latencies.
        var pacer = new Thread(() =>
        {
            for (var i = 0; i < total; i++)
            {
                while (Stopwatch.GetElapsedTime(started) < i * interval)
                    Thread.Sleep(1);
                due.Writer.TryWrite(i);
            }
            due.Writer.Complete();
        });
        pacer.Start();
        Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new LoadConnection(server.Port, body);
            await foreach (var i in due.Reader.ReadAllAsync())
            {
                await connection.AskAsync();
                latencies[i] = (Stopwatch.GetElapsedTime(started) - (i * interval)).TotalMilliseconds;
            }
        }))).GetAwaiter().GetResult();
        pacer.Join();
        Array.Sort(latencies);
        return latencies;
    }

    private static double Percentile(double[] sorted, double share) =>
        sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
}
