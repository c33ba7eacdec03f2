using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLBuild.NukeCompat;

/// <summary>A process that a child has started, or the child itself. Linux alone says which there are.</summary>
/// <param name="Started">As the system writes it: numbers of processes come again.</param>
internal sealed record DescendantProcess(int Id, string Started)
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // A second interruption does not wait.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public bool IsAlive => Read(Id) is { } now && now.Started == Started && now.State != 'Z';

    /// <summary>The processes and all that they have started; none where the system does not tell.</summary>
    public static IReadOnlyList<DescendantProcess> Of(IEnumerable<int> roots)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var all = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Status: Read(id)))
            .Where(process => process.Status is not null)
            .ToLookup(process => process.Status!.Value.Parent);
        var found = new List<DescendantProcess>();
        var waiting = new Queue<int>(roots);
        while (waiting.TryDequeue(out var id))
        {
            if (Read(id) is { } status)
                found.Add(new(id, status.Started));
            foreach (var child in all[id])
                waiting.Enqueue(child.Id);
        }
        return found;
    }

    /// <summary>Asks them to end, and ends those that have not in 15 s.</summary>
    public static void End(IReadOnlyList<DescendantProcess> processes)
    {
        foreach (var process in processes)
            process.Send(SigTerm);
        var asked = Stopwatch.StartNew();
        while (asked.Elapsed < Patience && processes.Any(process => process.IsAlive))
            Thread.Sleep(20);
        foreach (var process in processes)
            process.Send(SigKill);
    }

    private void Send(int signal)
    {
        if (IsAlive)
            _ = kill(Id, signal);
    }

    // The name, in brackets, may hold anything; behind it come the state, the parent and, as the 20th, the start.
    private static (char State, int Parent, string Started)? Read(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
