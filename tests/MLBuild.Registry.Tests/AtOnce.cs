namespace MLBuild.Registry.Tests;

/// <summary>The same work on several threads that start together.</summary>
internal static class AtOnce
{
    public static T[] Run<T>(int workers, Func<int, T> work)
    {
        using var start = new Barrier(workers);
        return Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return work(worker);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).GetAwaiter().GetResult();
    }
}
