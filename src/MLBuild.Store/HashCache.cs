using System.Globalization;
using System.Text;

namespace MLBuild.Store;

/// <summary>Hashes of files on disk, remembered by path and <see cref="FileIdentity"/>, so that an unchanged tree costs
/// only stat calls. It saves work and decides nothing: a file too young to trust is hashed again.</summary>
public sealed class HashCache
{
    private const string Header = "mlbuild-hashes 2";

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _entries;
    private bool _dirty;

    public HashCache(string path, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        _entries = Read(path);
    }

    /// <summary>The hash of a file's bytes now.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public ContentHash Of(string path)
    {
        path = Path.GetFullPath(path);
        var identity = FileIdentity.Of(path) ?? throw new FileNotFoundException($"There is no file '{path}'.", path);
        lock (_lock)
        {
            if (_entries.TryGetValue(path, out var known) && known.Identity == identity)
                return known.Hash;
        }
        // The time before reading: a change during or after it then has a later stamp, or is unsettled.
        var hashedAt = _clock.GetUtcNow();
        // The identity of what is hashed, whatever the path led to just before.
        (identity, var hash) = FileHasher.Look(path);
        Remember(path, identity, hashedAt, hash);
        return hash;
    }

    /// <summary>Keeps what was learned for the next run. Failing to is no error: the next run hashes again.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (!_dirty)
                return;
            var text = new StringBuilder(Header).Append('\n').Append(SaveMark.Now(_clock)).Append('\n');
            foreach (var (path, (identity, hash)) in _entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture,
                    $"{hash} {identity.SizeBytes} {identity.ModifiedNs} {identity.ChangedNs} {identity.Inode} " +
                    $"{path}\n");
            try
            {
                AtomicFile.WriteText(_path, SealedText.Seal(text.ToString()));
                _dirty = false;
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                // A cache that cannot be written is only slower.
            }
        }
    }

    private void Remember(string path, FileIdentity identity, DateTimeOffset hashedAt, ContentHash hash)
    {
        lock (_lock)
        {
            if (!identity.IsSettled(hashedAt))
            {
                _dirty |= _entries.Remove(path);
                return;
            }
            _entries[path] = new(identity, hash);
            _dirty = true;
        }
    }

    private static Dictionary<string, Known> Read(string path)
    {
        var entries = new Dictionary<string, Known>(StringComparer.Ordinal);
        // What is damaged is forgotten: its files are hashed again.
        if (SealedText.Open(AtomicFile.TextOf(path) ?? "")?.Split('\n') is not [Header, var mark, ..] lines
            || SaveMark.Parse(mark) is not { } saved)
            return entries;
        for (var i = 2; i < lines.Length; i++)
        {
            if (Parse(lines[i], out var file) is { } known && saved.Holds(known.Identity))
                entries[file] = known;
        }
        return entries;
    }

    // hash size modified changed inode path; only the path may have spaces.
    private static Known? Parse(string line, out string path)
    {
        path = "";
        Span<Range> fields = stackalloc Range[6];
        if (line.AsSpan().Split(fields, ' ') != fields.Length
            || !ContentHash.TryParse(line[fields[0]], out var hash)
            || !long.TryParse(line.AsSpan(fields[1]), CultureInfo.InvariantCulture, out var sizeBytes)
            || !long.TryParse(line.AsSpan(fields[2]), CultureInfo.InvariantCulture, out var modifiedNs)
            || !long.TryParse(line.AsSpan(fields[3]), CultureInfo.InvariantCulture, out var changedNs)
            || !ulong.TryParse(line.AsSpan(fields[4]), CultureInfo.InvariantCulture, out var inode))
            return null;
        path = line[fields[5]];
        return new(new(sizeBytes, modifiedNs, changedNs, inode), hash);
    }

    // A class: collections of a struct would be compiled anew at each start.
    private sealed record Known(FileIdentity Identity, ContentHash Hash);
}
