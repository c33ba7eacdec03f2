using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace MLBuild.Store;

/// <summary>What all records of a store say, in a file for each of their folders, so that who looks through them opens
/// some hundred files instead of a hundred thousand: <c>index/4b</c> for <c>ac/4b/</c>.</summary>
/// <remarks>It saves work and decides nothing. A file is believed while the folder is as it was when its records were
/// read, by <see cref="FileIdentity"/>; else, or where it is damaged, it is made anew. Builds side by side may both
/// make it. A record whose bytes rotted in their place is still in it: people look here, and whoever decides reads the
/// record itself.</remarks>
public sealed class RecordIndex(string root, TimeProvider clock)
{
    private const string Header = "mlbuild-index 1";
    private const int HashLength = 64;

    // Of a hash, which tell artifacts apart where nothing is decided; strings of all would double the time.
    private const int FirstDigits = 16;

    private readonly string _records = Path.Combine(Path.GetFullPath(root), "ac");
    private readonly string _index = Path.Combine(Path.GetFullPath(root), "index");
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What a stage has in the store.</summary>
    /// <param name="SizeBytes">Each artifact counted once; of folders all that is in them.</param>
    public sealed record StageTotal(string Stage, int Results, long SizeBytes);

    private sealed record Known(FileIdentity Folder, byte[] Text);

    private delegate bool Wanted(ReadOnlySpan<byte> record);

    /// <summary>The records of a stage and of all its partitions, in no particular order.</summary>
    public IReadOnlyList<ActionRecord> OfStage(string stage)
    {
        var name = Encoding.UTF8.GetBytes(stage);
        return Select(_ => true, record => StageOf(record) is var unit && unit.StartsWith(name)
            && (unit.Length == name.Length || unit[name.Length] == '/'));
    }

    /// <summary>The records of which an output's hash begins so.</summary>
    public IReadOnlyList<ActionRecord> Giving(string digits)
    {
        var line = Encoding.UTF8.GetBytes($"\no {digits.ToLowerInvariant()}");
        return Select(all => all.IndexOf(line) >= 0, record => record.IndexOf(line) >= 0);
    }

    /// <summary>What each stage has beside some results, by name.</summary>
    public IReadOnlyList<StageTotal> Beside(IReadOnlySet<ContentHash> results)
    {
        var prints = results.Select(result => result.Hex[..FirstDigits]).ToHashSet(StringComparer.Ordinal);
        var sizes = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var totals = new Dictionary<string, StageTotal>(StringComparer.Ordinal);
        Visit(_ => true, record =>
        {
            if (prints.Contains(Encoding.UTF8.GetString(record.Slice(2, FirstDigits))))
                return;
            var unit = StageOf(record);
            var slash = unit.IndexOf((byte)'/');
            var stage = Encoding.UTF8.GetString(slash < 0 ? unit : unit[..slash]);
            if (!totals.TryGetValue(stage, out var total))
            {
                total = new(stage, 0, 0);
                sizes[stage] = new(StringComparer.Ordinal);
            }
            totals[stage] = total with
            {
                Results = total.Results + 1,
                SizeBytes = total.SizeBytes + SizeOfNew(record, sizes[stage]),
            };
        });
        return [.. totals.Values.OrderBy(total => total.Stage, StringComparer.Ordinal)];
    }

    private static long SizeOfNew(ReadOnlySpan<byte> record, HashSet<string> seen)
    {
        var size = 0L;
        for (var line = record.IndexOf("\no "u8); line >= 0; line = record.IndexOf("\no "u8))
        {
            record = record[(line + 3)..];
            if (seen.Add(Encoding.UTF8.GetString(record[..FirstDigits]))
                && Utf8Parser.TryParse(record[(HashLength + 3)..], out long bytes, out _))
                size += bytes;
        }
        return size;
    }

    private List<ActionRecord> Select(Wanted file, Wanted record)
    {
        var found = new List<ActionRecord>();
        Visit(file, one =>
        {
            if (record(one))
                found.Add(Parse(one));
        });
        return found;
    }

    private void Visit(Wanted file, Action<ReadOnlySpan<byte>> visit)
    {
        if (!Directory.Exists(_records))
            return;
        foreach (var folder in Directory.EnumerateDirectories(_records))
        {
            var text = TextOf(folder) is { Length: > 0 } whole ? whole.AsSpan(..^SealedText.SealLength) : [];
            if (!file(text))
                continue;
            // The lines before the first record are of the index itself.
            for (var start = text.IndexOf("\nr "u8); start >= 0;)
            {
                text = text[(start + 1)..];
                start = text.IndexOf("\nr "u8);
                visit(start < 0 ? text : text[..(start + 1)]);
            }
        }
    }

    // With its seal; empty if the folder is gone.
    private byte[] TextOf(string folder)
    {
        var name = Path.GetFileName(folder);
        if (FileIdentity.Of(folder) is not { } identity)
            return [];
        if (_known.TryGetValue(name, out var known) && known.Folder == identity)
            return known.Text;
        if (Kept(name, identity) is { } kept)
            return Know(name, identity, kept);
        // The time before reading: what is added since gives the folder another identity, or finds it unsettled.
        var readAt = clock.GetUtcNow();
        var text = Read(folder, identity);
        if (!identity.IsSettled(readAt))
            return Encoding.UTF8.GetBytes(text);
        try
        {
            AtomicFile.WriteText(Path.Combine(_index, name), text);
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // An index that cannot be written is only slower.
        }
        return Know(name, identity, Encoding.UTF8.GetBytes(text));
    }

    private byte[] Know(string name, FileIdentity folder, byte[] text)
    {
        _known[name] = new(folder, text);
        return text;
    }

    private byte[]? Kept(string name, FileIdentity identity)
    {
        if (AtomicFile.BytesOf(Path.Combine(_index, name)) is not { } bytes || !SealedText.IsWhole(bytes))
            return null;
        var first = Encoding.UTF8.GetString(bytes.AsSpan(..Math.Min(bytes.Length, 1024))).Split('\n');
        return first is [Header, var mark, var folder, ..] && folder == FolderLine(identity)
            && SaveMark.Parse(mark)?.Holds(identity) == true ? bytes : null;
    }

    private string Read(string folder, FileIdentity identity)
    {
        var text = new StringBuilder($"{Header}\n{SaveMark.Now(clock)}\n{FolderLine(identity)}\n");
        foreach (var record in ActionRecords.In(folder))
        {
            text.Append(CultureInfo.InvariantCulture, $"r {record.Fingerprint} {record.FinishedAt.UtcTicks} ")
                .Append(CultureInfo.InvariantCulture, $"{record.Duration.Ticks} {record.Stage}\n");
            foreach (var (output, artifact) in record.Outputs)
                text.Append(CultureInfo.InvariantCulture, $"o {artifact.Hash} {Letter(artifact.Kind)} ")
                    .Append(CultureInfo.InvariantCulture, $"{artifact.SizeBytes} {output}\n");
        }
        return SealedText.Seal(text.ToString());
    }

    private static string FolderLine(FileIdentity folder) => string.Create(CultureInfo.InvariantCulture,
        $"folder {folder.SizeBytes} {folder.ModifiedNs} {folder.ChangedNs} {folder.Inode}");

    private static char Letter(ArtifactKind kind) => kind == ArtifactKind.Folder ? 'd' : 'f';

    // r fingerprint finished duration stage; only the stage may have spaces.
    private static ReadOnlySpan<byte> StageOf(ReadOnlySpan<byte> record)
    {
        var line = record[..record.IndexOf((byte)'\n')][(HashLength + 3)..];
        line = line[(line.IndexOf((byte)' ') + 1)..];
        return line[(line.IndexOf((byte)' ') + 1)..];
    }

    // By hand: splitting strings took five times as long.
    private static ActionRecord Parse(ReadOnlySpan<byte> record)
    {
        var print = Text(record.Slice(2, HashLength));
        var unit = Text(StageOf(record));
        var times = record[(HashLength + 3)..];
        Utf8Parser.TryParse(times, out long finished, out var length);
        Utf8Parser.TryParse(times[(length + 1)..], out long duration, out _);
        var outputs = new List<ActionRecord.Output>();
        for (var line = record.IndexOf("\no "u8); line >= 0; line = record.IndexOf("\no "u8))
        {
            record = record[(line + 3)..];
            var rest = record[(HashLength + 3)..];
            Utf8Parser.TryParse(rest, out long size, out length);
            var name = rest[(length + 1)..];
            outputs.Add(new(Text(name[..name.IndexOf((byte)'\n')]), new(ContentHash.Parse(Text(record[..HashLength])),
                record[HashLength + 1] == 'd' ? ArtifactKind.Folder : ArtifactKind.File, size)));
        }
        return new(ContentHash.Parse(print), unit, outputs, new(finished, TimeSpan.Zero), new(duration));
    }

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
