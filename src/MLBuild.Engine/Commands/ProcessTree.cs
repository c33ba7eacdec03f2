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
    private const long KernelThread = 0x200000;

    // At one of which nobody can tell yet whose it is. Some never tell.
    private const int MostLooks = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<Member> _asked = [];
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark + '\0');
    private readonly long _buildStarted = MemberOf(Environment.ProcessId)?.Member.Started ?? 0;

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
        IReadOnlyList<Member> alive;
        while ((alive = await Alive(clock)).Count > 0 && !atOnce.IsCancellationRequested
            && clock.GetElapsedTime(began) < Grace)
        {
            foreach (var member in alive.Where(_asked.Add))
                _ = kill(member.Id, SigTerm);
            await Task.Delay(Poll, clock);
        }
        began = clock.GetTimestamp();
        for (; alive.Count > 0 && clock.GetElapsedTime(began) < Grace; alive = await Alive(clock))
        {
            foreach (var member in alive)
                _ = kill(member.Id, SigKill);
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
        IReadOnlyList<Member> alive;
        while ((alive = await Alive(clock)).Count > 0 && !atOnce.IsCancellationRequested
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

    private static IReadOnlyList<string> Named(IReadOnlyList<Member> members) => [.. members.Select(member =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(member.Id) ?? "a program"} (process {member.Id})"))];

    private async Task<IReadOnlyList<Member>> Alive(TimeProvider clock)
    {
        for (var looks = 1; ; looks++)
        {
            var alive = AliveNow(out var mayBeMore);
            if (alive.Count > 0 || !mayBeMore || looks == MostLooks)
                return alive;
            await Task.Delay(Poll, clock);
        }
    }

    // By mark; and by descent, because a child may be given another environment or overwrite its own; and those that
    // were asked before, whose parents may have ended since.
    private IReadOnlyList<Member> AliveNow(out bool mayBeMore)
    {
        mayBeMore = false;
        var numbers = new HashSet<int>();
        var own = new HashSet<int>();
        // Until no more come: one that ends before it is looked at may have started another.
        while (Numbers().Where(numbers.Add).ToArray() is { Length: > 0 } more)
        {
            foreach (var id in more)
            {
                if (Read($"/proc/{id}/environ") is not { } environment)
                    continue;
                if (environment.AsSpan().IndexOf(_mark) >= 0)
                    own.Add(id);
                // Between the environment of who starts it and its own, one that is just being started has none.
                else if (environment.Length == 0)
                    mayBeMore |= MemberOf(id) is var (member, _) && member.Started >= _buildStarted;
            }
        }
        // Once the root has ended, its number may be another's.
        if (!root.HasExited)
            own.Add(root.Id);
        // The end of most programs.
        if (own.Count == 0 && _asked.Count == 0)
            return [];
        mayBeMore |= own.Count > 0;
        var all = new Dictionary<int, (Member Member, int Parent)>();
        foreach (var id in numbers)
        {
            if (MemberOf(id) is not { } found)
                continue;
            all[id] = found;
            if (_asked.Contains(found.Member))
                own.Add(id);
        }
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var (id, (_, parent)) in all)
                grew |= own.Contains(parent) && own.Add(id);
        }
        return [.. own.Where(all.ContainsKey).Order().Select(id => all[id].Member)];
    }

    private static IEnumerable<int> Numbers() => Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(
        Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    // Null for one that is gone, or dead and only not yet asked for by its parent, and for a thread of the system.
    private static (Member Member, int Parent)? MemberOf(int id)
    {
        // 123 (name, which may hold anything) S 122 …; the seventh of these are flags, the twentieth when it started.
        var stat = Encoding.UTF8.GetString(Read($"/proc/{id}/stat") ?? []);
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ');
        return fields is [_, not ("Z" or "X"), var parent, _, _, _, _, var flags, .. { Length: > 12 } rest]
            && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId)
            && long.TryParse(flags, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && (bits & KernelThread) == 0
            && long.TryParse(rest[12], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            ? (new(id, started), parentId)
            : null;
    }

    private static string? NameOf(int id) =>
        Encoding.UTF8.GetString(Read($"/proc/{id}/comm") ?? []).TrimEnd('\n') is { Length: > 0 } name ? name : null;

    // Null for one that is gone, or another user's.
    private static byte[]? Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A process; numbers come again.</summary>
    /// <param name="Started">In ticks of the system's clock.</param>
    private readonly record struct Member(int Id, long Started);

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
