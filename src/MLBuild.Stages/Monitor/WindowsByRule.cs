using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>A counter for each window that rows are found in, in the order of windows.</summary>
/// <param name="source">What messages call the rows.</param>
/// <param name="begin">Makes the counter of a window.</param>
internal sealed class WindowsByRule<TCounter>(string source, WindowRule rule, Func<TCounter> begin)
    where TCounter : class
{
    // A window takes some hundred kilobytes while its rows are read.
    private const int MostWindows = 1_000;

    private readonly SortedDictionary<Window, TCounter> _windows = [];

    public IReadOnlyCollection<KeyValuePair<Window, TCounter>> All => _windows;

    /// <exception cref="TooManyWindowsException">The rows are of more windows than are counted at once.</exception>
    public TCounter Of(Window window)
    {
        if (_windows.TryGetValue(window, out var counter))
            return counter;
        if (_windows.Count == MostWindows)
            throw new TooManyWindowsException($"'{source}' has rows of more than {MostWindows} windows by {rule}. "
                + "Take longer ones, or smaller files.");
        return _windows[window] = begin();
    }
}

/// <summary>Rows are spread over more windows than are judged at once.</summary>
public sealed class TooManyWindowsException(string message) : Exception(message);
