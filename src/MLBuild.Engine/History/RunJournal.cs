using System.Globalization;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.History;

/// <summary>What ran, when and how it ended: <c>runs/20261129T195617123Z-4f2a91c0</c>, a small text for each run. For
/// people; nothing is decided by it.</summary>
/// <remarks>A run that goes on has a text with the end <c>.begun</c>, which its process holds open; that of one that
/// was killed stays.</remarks>
public sealed class RunJournal(Workspace workspace)
{
    /// <summary>How many runs are kept. Some months of a person's work; and few enough that a run that has nothing to
    /// do can list them.</summary>
    public const int MostRuns = 200;

    private const string BegunSuffix = ".begun";
    private const string Moment = "yyyyMMddTHHmmssfffZ";

    private readonly string _folder = Path.Combine(workspace.StoreFolder, "runs");

    /// <summary>How many runs are kept.</summary>
    public int Count => Ids().Count;

    /// <summary>Every run that is kept, newest first; each is read when it is asked for. Damaged texts are left
    /// out.</summary>
    public IEnumerable<RunEntry> Read()
    {
        var ids = Ids();
        for (var i = ids.Count - 1; i >= 0; i--)
        {
            if (Find(ids[i]) is { } run)
                yield return run;
        }
    }

    /// <summary>One run; null if it is not kept, or damaged.</summary>
    public RunEntry? Find(string id) =>
        (AtomicFile.TextOf(PathOf(id)) is { } text ? RunText.Ended(id, text) : null) ?? Unended(id);

    /// <summary>The last run that did the work of a recipe; null if none of those that are kept did.</summary>
    public RunEntry? Maker(ContentHash recipe) => Read().FirstOrDefault(run =>
        run.Units.Any(unit => unit.Fate == UnitFate.Ran && unit.Fingerprint == recipe));

    /// <summary>To be called when a run begins. Null where the store cannot be written: a build is no worse for having
    /// no journal.</summary>
    public OpenRun? Begin(RunStart start)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            var id = string.Create(CultureInfo.InvariantCulture,
                $"{start.BeganAt.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}")[..28];
            return new(this, id, start, workspace.Clock);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return null;
        }
    }

    internal string PathOf(string id) => Path.Combine(_folder, id);

    internal string BegunPathOf(string id) => PathOf(id) + BegunSuffix;

    /// <summary>Lets the oldest go.</summary>
    internal void Trim()
    {
        var ids = Ids();
        foreach (var id in ids.Take(ids.Count - MostRuns))
        {
            foreach (var file in Directory.GetFiles(_folder, id + "*"))
                File.Delete(file);
        }
    }

    private RunEntry? Unended(string id)
    {
        var path = BegunPathOf(id);
        try
        {
            var goesOn = IsHeld(path);
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RunText.Begun(id, new StreamReader(file).ReadToEnd(), goesOn);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It may just have ended.
            return AtomicFile.TextOf(PathOf(id)) is { } text ? RunText.Ended(id, text) : null;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            return null;
        }
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using var alone = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException e) when (StoreLock.IsHeld(e))
        {
            return true;
        }
    }

    // Oldest first. What a killed process was just writing has a longer name, and is of the same run.
    private List<string> Ids()
    {
        var ids = new List<string>();
        if (!Directory.Exists(_folder))
            return ids;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path);
            ids.Add(name.IndexOf('.') is > 0 and var dot ? name[..dot] : name);
        }
        ids.Sort(StringComparer.Ordinal);
        var distinct = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            if (distinct.Count == 0 || distinct[^1] != id)
                distinct.Add(id);
        }
        return distinct;
    }
}
