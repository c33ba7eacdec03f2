using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MLBuild.Engine.Commands;

/// <summary>A program's process and all that came of it. On Linux they are found by a mark in the environment, which
/// children inherit, so that one whose parent has ended, or that is a daemon, is found too.</summary>
/// <param name="mark">Unique to the command: <c>NAME=value</c>.</param>
internal sealed class ProcessTree(Process root, string mark)
{
    /// <summary>How long a process may take to end by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // For the end of a pipe, such as a tee, to write what it still has.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark + '\0');

    /// <summary>Asks every process to end, waits for <see cref="Grace"/>, and ends those that have not.</summary>
    /// <param name="atOnce">Waits no longer.</param>
    /// <returns>What it could not end: another user's, or waiting for a disk that does not answer.</returns>
    public async Task<IReadOnlyList<string>> End(TimeProvider clock, CancellationToken atOnce)
    {
        if (!OperatingSystem.IsLinux())
        {
            KillByParents();
            return [];
        }
        var began = clock.GetTimestamp();
        var asked = new HashSet<int>();
        List<int> alive;
        while ((alive = Alive()).Count > 0 && !atOnce.IsCancellationRequested
            && clock.GetElapsedTime(began) < Grace)
        {
            foreach (var id in alive.Where(asked.Add))
                _ = kill(id, SigTerm);
            await Task.Delay(Poll, clock);
        }
        began = clock.GetTimestamp();
        for (; alive.Count > 0 && clock.GetElapsedTime(began) < Grace; alive = Alive())
        {
            foreach (var id in alive)
                _ = kill(id, SigKill);
            await Task.Delay(Poll, clock);
        }
        return Named(alive);
    }

    /// <summary>What is alive a moment after its root has ended, in words: <c>sleep (process 123)</c>. Nothing where
    /// the system does not tell.</summary>
    public async Task<IReadOnlyList<string>> Left(TimeProvider clock, CancellationToken atOnce)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var began = clock.GetTimestamp();
        List<int> alive;
        while ((alive = Alive()).Count > 0 && !atOnce.IsCancellationRequested
            && clock.GetElapsedTime(began) < Moment)
            await Task.Delay(Poll, clock);
        return Named(alive);
    }

    private void KillByParents()
    {
        try
        {
            root.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, and what it left cannot be found any more.
        }
    }

    private static List<string> Named(List<int> ids) => [.. ids.Select(id =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(id) ?? "a program"} (process {id})"))];

    // Descendants too, because a child may be given another environment, or overwrite its own.
    private List<int> Alive()
    {
        var parents = new Dictionary<int, int>();
        // Once it has ended, its number may be another's.
        HashSet<int> own = root.HasExited ? [] : [root.Id];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || ParentOf(id) is not { } parent)
                continue;
            parents[id] = parent;
            if (Read($"/proc/{id}/environ").AsSpan().IndexOf(_mark) >= 0)
                own.Add(id);
        }
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var (id, parent) in parents)
                grew |= own.Contains(parent) && own.Add(id);
        }
        return [.. own.Where(parents.ContainsKey).Order()];
    }

    // Null for one that is gone, or dead and only not yet asked for by its parent.
    private static int? ParentOf(int id)
    {
        // 123 (name, which may hold anything) S 122 …
        var stat = Encoding.UTF8.GetString(Read($"/proc/{id}/stat"));
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', 4) is [_, not ("Z" or "X"), var parent, ..]
            && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId)
            ? parentId
            : null;
    }

    private static string? NameOf(int id) =>
        Encoding.UTF8.GetString(Read($"/proc/{id}/comm")).TrimEnd('\n') is { Length: > 0 } name ? name : null;

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
