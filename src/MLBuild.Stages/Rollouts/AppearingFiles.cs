using MLBuild.Engine.Stages;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Rollouts;

/// <summary>Files that appear one after the other. Each is read once; what cannot be read is said once, and tried
/// again: it may still be written to.</summary>
internal sealed class AppearingFiles(
    IReadOnlyList<string> places, IReadOnlyList<string> extensions, string parameter, Action<string> say)
{
    private readonly HashSet<string> _read = [];
    private readonly HashSet<string> _said = [];

    /// <summary>Reads those that are new.</summary>
    /// <param name="read">May be given a file again that it could not read to its end.</param>
    /// <returns>Whether there was one.</returns>
    public bool Read(Action<SourceFile> read)
    {
        var count = _read.Count;
        foreach (var file in Attempt(() => SourceFiles.Find(places, extensions, parameter)) ?? [])
        {
            if (_read.Contains(file.Path))
                continue;
            if (Attempt(() => { read(file); return file; }) is not null)
                _read.Add(file.Path);
        }
        return _read.Count > count;
    }

    private T? Attempt<T>(Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is SourceException or TableException or FormatException or IOException
            or UnauthorizedAccessException)
        {
            if (_said.Add(e.Message))
                say($"Nothing of it is judged yet, and it is looked for again: {e.Message}");
            return null;
        }
    }
}
