using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>What is on the disk of a build at one moment. What came to it since an earlier moment says where in its
/// course a build was killed.</summary>
internal sealed class Traces
{
    private readonly string[] _work;
    private readonly string[] _files;
    private readonly ActionRecord[] _records;
    private readonly HashSet<ContentHash> _last;
    private readonly Workspace _workspace;

    public Traces(string folder)
    {
        var store = Path.Combine(folder, "store");
        _workspace = new(Path.Combine(folder, "artifacts"), store, TimeProvider.System);
        _work = StoreLayout.FilesIn(Path.Combine(store, "work"));
        _files = [.. StoreLayout.FilesIn(store), .. StoreLayout.FilesIn(_workspace.ArtifactsFolder)
            .Select(file => $"artifacts/{file}")];
        _records = [.. _workspace.Records.All()];
        _last = [.. _workspace.LastUnits().Select(_workspace.Last).OfType<ActionRecord>()
            .Select(last => last.Fingerprint)];
    }

    /// <summary>The latest thing in a build's course that was under way when this was left and it was killed.</summary>
    /// <param name="drained">Nothing was left to be built.</param>
    public string Where(Traces after, bool drained)
    {
        var news = after._files.Except(_files).ToArray();
        var records = after._records
            .ExceptBy(_records.Select(record => record.Fingerprint), record => record.Fingerprint).ToArray();
        var stored = records.SelectMany(record => record.Outputs.Select(output => output.Artifact.Hash)
            .Append(record.Fingerprint)).Select(hash => $"cas/{hash.Hex[..2]}/{hash.Hex}").ToHashSet();
        var halves = news.Where(AtomicFile.IsTemporary).ToArray();
        return halves switch
        {
            _ when halves.Any(file => file.StartsWith("hashes", StringComparison.Ordinal)) => "9 saving the hashes",
            _ when drained => after._work.Length > 0 ? "8 ending, work folder not yet swept" : "9 ending, all swept",
            _ when halves.Any(file => file.StartsWith("artifacts/", StringComparison.Ordinal)) => "7 putting in place",
            _ when halves.Any(file => file.StartsWith("last/", StringComparison.Ordinal)) => "6 noting the last",
            _ when halves.Any(file => file.StartsWith("ac/", StringComparison.Ordinal)) => "5 recording",
            _ when records.Any(record => !after._last.Contains(record.Fingerprint)) => "6 recorded, not yet in place",
            _ when halves.Any(file => file.StartsWith("cas/", StringComparison.Ordinal)) => "4 storing",
            _ when news.Any(file => file.StartsWith("cas/", StringComparison.Ordinal) && !stored.Contains(file)) =>
                "4 stored, not yet recorded",
            _ when after._work.Any(file => file.Contains("/out/")) => "3 working, or hashing an output",
            _ when after._work.Except(_work).Any() => "2 between works",
            _ when _work.Length > 0 && after._work.Length < _work.Length => "1 sweeping after another",
            _ => "0 before anything was begun",
        };
    }
}
