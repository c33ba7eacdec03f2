namespace MLBuild.Benchmarks.Measuring;

/// <summary>Something that is measured beside others.</summary>
/// <param name="Prepare">Before each run, outside the measured time.</param>
internal sealed record Contender(string Name, Func<Sample> Run, Action? Prepare = null);

/// <summary>Measures contenders in turn, round after round, so that whatever else the machine does meets all of them
/// and their ratios mean something.</summary>
internal static class Series
{
    // For a rival that takes seconds where others take milliseconds. One of eight seconds is measured three times.
    private static readonly TimeSpan MostEach = TimeSpan.FromSeconds(30);

    /// <summary>The first run of each warms up. It counts only if it took so long that there is no time for
    /// another.</summary>
    public static IReadOnlyList<Timings> Measure(int rounds, params IReadOnlyList<Contender> contenders)
    {
        var samples = contenders.Select(_ => new List<Sample>()).ToArray();
        var used = new TimeSpan[contenders.Count];
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                if (used[i] > MostEach)
                    continue;
                contenders[i].Prepare?.Invoke();
                var sample = contenders[i].Run();
                used[i] += sample.Wall;
                if (round > 0 || used[i] > MostEach)
                    samples[i].Add(sample);
            }
        }
        return Array.ConvertAll(samples, each => new Timings(each));
    }
}
