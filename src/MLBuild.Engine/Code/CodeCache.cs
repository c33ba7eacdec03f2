using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Code;

/// <summary>The readings of a pipeline's stages as of the last runs, in one file. They hold as long as every file of
/// the program has the identity it had, and a stage's delegates are the same methods. It saves work and decides
/// nothing: what is damaged, too young or unlike is read anew.</summary>
/// <remarks>First a sealed index, which names files, stages and blocks; behind it the blocks, each of which is read
/// when a stage is asked for that has it, and checked against its hash. So a run pays for its own stages, however many
/// others were ever looked at.</remarks>
internal sealed class CodeCache
{
    /// <summary>Raise it with every change of what is read from code.</summary>
    private const string Header = "mlbuild-code 5";

    // Of the index's length in bytes, so that the first line is always as long.
    private const int IndexDigits = 10;

    private const char Part = '\u001f';

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, CodeReading> _readings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly List<ProgramFile> _files = [];
    private long _blocksStart;
    private bool _isDirty;

    /// <summary>The files that the readings found were made of.</summary>
    public IReadOnlyList<ProgramFile> Files => _files;

    /// <summary>A reading in the file.</summary>
    private sealed record Kept(Block[] Blocks, List<CodeFinding> Findings);

    /// <summary>Recipe lines of one kind, which stages may share: the framework always, packages mostly.</summary>
    /// <param name="Offset">In bytes, from the first block.</param>
    private sealed record Block(long Offset, int Length, ContentHash Hash)
    {
        public string? Text { get; set; }
    }

    private CodeCache(string path, TimeProvider clock) => (_path, _clock) = (path, clock);

    public static CodeCache Open(string path, TimeProvider clock)
    {
        var cache = new CodeCache(path, clock);
        try
        {
            if (File.Exists(path))
                cache.ReadIndex();
        }
        catch (Exception e) when (IsDamage(e))
        {
            cache._kept.Clear();
        }
        return cache;
    }

    /// <summary>What a stage's reading depends on besides the program's files.</summary>
    public static string KeyOf(Stage stage)
    {
        var key = new StringBuilder().Append(stage.Name).Append(Part).Append((int)stage.Kind).Append(Part);
        var tracking = stage.Tracking;
        key.Append((int)tracking.Mode).Append(Part).Append(tracking.Version).Append(Part)
            .Append(tracking.TrustedBecause).Append(Part);
        foreach (var type in tracking.Reflected ?? [])
            key.Append(type.AssemblyQualifiedName).Append(Part);
        Append(stage.Code!);
        if (stage.Options is { } options)
            Append(options);
        return key.ToString();

        void Append(Delegate code)
        {
            var method = code.Method;
            key.Append(method.Module.Assembly.GetName().Name).Append(' ')
                .Append(method.Module.ModuleVersionId).Append(' ').Append(method.MetadataToken);
            if (method.IsGenericMethod || method.DeclaringType is { IsGenericType: true })
                key.Append(method.DeclaringType).Append(method);
            key.Append(Part);
        }
    }

    public CodeReading? Find(string key)
    {
        if (_readings.TryGetValue(key, out var known))
            return known;
        if (!_kept.Remove(key, out var kept))
            return null;
        try
        {
            return _readings[key] = new(new RecipeLines(TextsOf(kept.Blocks)), kept.Findings);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return null;
        }
    }

    public void Keep(string key, CodeReading reading)
    {
        // The index is one of lines.
        if (key.Any(c => char.IsControl(c) && c != Part)
            || reading.Findings.Any(finding => finding.What.Any(char.IsControl)))
            return;
        _readings[key] = reading;
        _isDirty = true;
    }

    public void Forget()
    {
        _readings.Clear();
        _kept.Clear();
    }

    /// <summary>Writes what is new. Failing to is no error: the next run reads the code again.</summary>
    /// <param name="files">Everything the readings were made of.</param>
    public void Save(IEnumerable<ProgramFile> files)
    {
        if (!_isDirty)
            return;
        _isDirty = false;
        var index = new StringBuilder();
        foreach (var (path, identity) in files)
        {
            if (identity is { } known && !known.IsSettled(_clock.GetUtcNow()))
                return;
            index.Append(CultureInfo.InvariantCulture, $"file\t{Text(identity)}\t{path}\n");
        }
        // Those that no stage of this run has are taken over from the file.
        foreach (var key in _kept.Keys.ToArray())
            Find(key);
        // No block is its own text twice.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var blocks = new MemoryStream();
        foreach (var (key, reading) in _readings)
        {
            var texts = Array.ConvertAll(RecipeLines.Kinds, reading.Lines.Of);
            foreach (var text in texts)
            {
                if (!numbers.TryAdd(text, numbers.Count))
                    continue;
                var bytes = Encoding.UTF8.GetBytes(text);
                index.Append(CultureInfo.InvariantCulture,
                    $"block\t{blocks.Length}\t{bytes.Length}\t{ContentHash.Of(bytes)}\n");
                blocks.Write(bytes);
            }
            index.Append("stage\t").Append(key).Append('\t').AppendJoin(' ', texts.Select(text => numbers[text]))
                .Append('\n');
            foreach (var finding in reading.Findings)
                index.Append(CultureInfo.InvariantCulture, $"finding\t{(int)finding.Kind}\t{finding.What}\t")
                    .Append(finding.Place).Append('\t').AppendJoin(Part, finding.Chain).Append('\n');
        }
        try
        {
            var head = Encoding.UTF8.GetBytes(SealedText.Seal(index.ToString()));
            AtomicFile.Write(_path, stream =>
            {
                stream.Write(Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{Header}\t{head.Length,IndexDigits}\n")));
                stream.Write(head);
                blocks.WriteTo(stream);
            });
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // A cache that cannot be written is only slower.
        }
    }

    private void ReadIndex()
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var first = Header.Length + 1 + IndexDigits + 1;
        if (Encoding.UTF8.GetString(Bytes(file, 0, first)).Split('\t') is not [Header, var digits]
            || !int.TryParse(digits, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var length)
            || SealedText.Open(Encoding.UTF8.GetString(Bytes(file, first, length))) is not { } index)
            return;
        _blocksStart = first + length;
        Parse(index);
    }

    private void Parse(string index)
    {
        var blocks = new List<Block>();
        List<CodeFinding> findings = [];
        foreach (var line in index.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('\t');
            switch (fields[0])
            {
                case "file":
                    _files.Add(new(fields[2], FileIdentity.Of(fields[2])));
                    if (Text(_files[^1].Identity) != fields[1])
                        return;
                    break;
                case "block":
                    blocks.Add(new(long.Parse(fields[1], CultureInfo.InvariantCulture),
                        int.Parse(fields[2], CultureInfo.InvariantCulture), ContentHash.Parse(fields[3])));
                    break;
                case "stage":
                    findings = [];
                    var numbers = fields[2].Split(' ');
                    if (numbers.Length != RecipeLines.Kinds.Length)
                        throw new FormatException("This text has other kinds of entries.");
                    _kept[fields[1]] = new(Array.ConvertAll(numbers,
                        number => blocks[int.Parse(number, CultureInfo.InvariantCulture)]), findings);
                    break;
                case "finding":
                    findings.Add(new((CodeFindingKind)int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2],
                        fields[4].Length == 0 ? [] : fields[4].Split(Part), fields[3].Length == 0 ? null : fields[3]));
                    break;
            }
        }
    }

    // Another process may have replaced the file since its index was read: then the hashes tell.
    private string[] TextsOf(Block[] blocks)
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return Array.ConvertAll(blocks, block =>
        {
            if (block.Text is { } known)
                return known;
            var bytes = Bytes(file, _blocksStart + block.Offset, block.Length);
            return ContentHash.Of(bytes) == block.Hash ? block.Text = Encoding.UTF8.GetString(bytes)
                : throw new FormatException("These are other bytes.");
        });
    }

    private static byte[] Bytes(SafeFileHandle file, long offset, int length)
    {
        if (length < 0 || offset + length > RandomAccess.GetLength(file))
            throw new FormatException("The file is too short.");
        var bytes = new byte[length];
        for (int read = 0, count; read < length; read += count)
        {
            if ((count = RandomAccess.Read(file, bytes.AsSpan(read), offset + read)) == 0)
                throw new FormatException("The file is too short.");
        }
        return bytes;
    }

    private static bool IsDamage(Exception e) => e is IOException or UnauthorizedAccessException or FormatException
        or ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException;

    private static string Text(FileIdentity? identity) => identity is { } known
        ? string.Create(CultureInfo.InvariantCulture,
            $"{known.SizeBytes} {known.ModifiedNs} {known.ChangedNs} {known.Inode}")
        : "none";
}

/// <summary>A file that the program is made of, and what the file system says of it; null if it is not there.</summary>
internal sealed record ProgramFile(string Path, FileIdentity? Identity);
