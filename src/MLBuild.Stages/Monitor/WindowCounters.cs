using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Monitor;

/// <summary>The counters of the windows that one file has rows of.</summary>
/// <param name="begin">Makes the counter of a window.</param>
internal sealed class WindowCounters<TRow>(IngestReport file, WindowRule rule, Func<RowCounter<TRow>> begin)
    : IDisposable
    where TRow : class, new()
{
    private readonly WindowsByRule<RowCounter<TRow>> _windows = new(file.File, rule, begin);

    public int Count => _windows.All.Count;

    /// <exception cref="TooManyWindowsException">The file has rows of more windows than are counted at
    /// once.</exception>
    public RowCounter<TRow> Of(Window window) => _windows.Of(window);

    /// <summary>What was counted. A row that is set aside may have a time that is as wrong: where its window has no row
    /// that satisfies the contract, it counts in the one that has most of the file. Where none has such a row, that is
    /// the one in which most were seen, and not the earliest time that somebody mistyped.</summary>
    public IEnumerable<WindowTally> Tallies()
    {
        var main = _windows.All.MaxBy(pair => (pair.Value.Rows, pair.Value.Seen)).Key;
        var quality = Of(main).Quality(file.RowsRead, file.Quarantined);
        foreach (var (_, counter) in _windows.All.Where(pair => pair.Value.Rows == 0 && pair.Key != main))
            quality = quality.Plus(counter.Quality(0, 0) with { Broken = [] });
        return _windows.All.Where(pair => pair.Value.Rows > 0 || pair.Key == main).Select(pair => pair.Value.ToTally(
            pair.Key, pair.Key == main ? quality : pair.Value.Quality(0, 0)));
    }

    public void Dispose()
    {
        foreach (var (_, counter) in _windows.All)
            counter.Dispose();
    }
}
