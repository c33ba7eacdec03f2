namespace MLBuild.Store;

/// <summary>Whether the files that a build saw were those of its commit.</summary>
public enum TreeState
{
    /// <summary>As committed, files that git does not track aside.</summary>
    Committed,

    /// <summary>git could not be asked.</summary>
    Unknown,

    /// <summary>Tracked files had edits.</summary>
    Edited,
}

/// <summary>Which recipe each unit had at each commit: <c>revisions/3fd9…</c>. For people, who compare with it; nothing
/// is decided by it.</summary>
public sealed class RevisionRecords(string root)
{
    private const string Header = "mlbuild-revision 1";

    private readonly string _folder = Path.Combine(Path.GetFullPath(root), "revisions");

    /// <param name="Unit">The stage, with <c>/partition</c> behind it if it has one.</param>
    public sealed record Entry(string Unit, ContentHash Fingerprint, TreeState State)
    {
        internal string ToLine() => $"{Fingerprint} {State} {Unit}";
    }

    /// <summary>The commits of which something is known.</summary>
    public IReadOnlyList<string> Commits() => !Directory.Exists(_folder) ? [] :
        [.. Directory.EnumerateFiles(_folder).Where(path => !AtomicFile.IsTemporary(path))
            .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>When something was last learned of a commit.</summary>
    public DateTimeOffset LearnedAt(string commit) => File.GetLastWriteTimeUtc(PathOf(commit));

    /// <summary>What is known of a commit: for each unit at most one entry of each state. A damaged text is
    /// nothing.</summary>
    public IReadOnlyList<Entry> Find(string commit)
    {
        var entries = new List<Entry>();
        if (AtomicFile.TextOf(PathOf(commit)) is not { } text
            || SealedText.Open(text)?.Split('\n') is not [Header, .. var lines])
            return entries;
        foreach (var line in lines)
        {
            if (line.Split(' ', 3) is [var hex, var word, var unit] && ContentHash.TryParse(hex, out var hash)
                && Enum.TryParse<TreeState>(word, out var state))
                entries.Add(new(unit, hash, state));
        }
        return entries;
    }

    /// <summary>Adds to what is known of a commit, in one step. What was known of the same units in the same state, and
    /// of other partitions of <paramref name="wholeStages"/>, is replaced.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full or read-only.</exception>
    public async Task Add(
        string commit, IReadOnlyCollection<Entry> entries, IReadOnlySet<string> wholeStages, CancellationToken cancel)
    {
        // Two builds of one commit may end at once.
        using var alone = await StoreLock.TakeAsync(
            Path.Combine(Path.GetDirectoryName(_folder)!, "locks", "revisions"), _ => { }, cancel);
        var states = entries.Select(entry => entry.State).ToHashSet();
        var replaced = entries.Select(entry => (entry.Unit, entry.State)).ToHashSet();
        var lines = Find(commit)
            .Where(old => !replaced.Contains((old.Unit, old.State))
                && !(states.Contains(old.State) && wholeStages.Contains(old.Unit.Split('/')[0])))
            .Concat(entries).OrderBy(entry => entry.Unit, StringComparer.Ordinal).ThenBy(entry => entry.State)
            .Select(entry => entry.ToLine() + "\n");
        try
        {
            AtomicFile.WriteText(PathOf(commit), SealedText.Seal($"{Header}\n{string.Concat(lines)}"));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_folder, e);
        }
    }

    private string PathOf(string commit) => Path.Combine(_folder, commit);
}
