using System.Globalization;
using System.Text;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Code;

/// <summary>The readings of a pipeline's stages as of the last run, in one file. They hold as long as every file of the
/// program has the identity it had, and a stage's delegates are the same methods. It saves work and decides nothing:
/// what is damaged, too young or unlike is read anew.</summary>
internal sealed class CodeCache
{
    /// <summary>Raise it with every change of what is read from code.</summary>
    private const string Header = "mlbuild-code 3";

    private const char Part = '\u001f';

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, CodeReading> _readings = new(StringComparer.Ordinal);
    private readonly List<ProgramFile> _files = [];
    private bool _isDirty;

    /// <summary>The files that the readings found were made of.</summary>
    public IReadOnlyList<ProgramFile> Files => _files;

    private CodeCache(string path, TimeProvider clock) => (_path, _clock) = (path, clock);

    public static CodeCache Open(string path, TimeProvider clock)
    {
        var cache = new CodeCache(path, clock);
        try
        {
            if (File.Exists(path) && SealedText.Open(File.ReadAllText(path)) is { } text)
                cache.Read(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            cache._readings.Clear();
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

    public CodeReading? Find(string key) => _readings.GetValueOrDefault(key);

    public void Keep(string key, CodeReading reading)
    {
        // The file is one of lines.
        if (key.Any(c => char.IsControl(c) && c != Part)
            || reading.Findings.Any(finding => finding.What.Any(char.IsControl)))
            return;
        _readings[key] = reading;
        _isDirty = true;
    }

    public void Forget() => _readings.Clear();

    /// <summary>Writes what is new. Failing to is no error: the next run reads the code again.</summary>
    /// <param name="files">Everything the readings were made of.</param>
    public void Save(IEnumerable<ProgramFile> files)
    {
        if (!_isDirty)
            return;
        _isDirty = false;
        var text = new StringBuilder(Header).Append('\n');
        foreach (var (path, identity) in files)
        {
            if (identity is { } known && !known.IsSettled(_clock.GetUtcNow()))
                return;
            text.Append(CultureInfo.InvariantCulture, $"file\t{Text(identity)}\t{path}\n");
        }
        // Stages share much: the framework always, packages mostly. No block is its own text twice.
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, reading) in _readings)
        {
            var blocks = Array.ConvertAll(RecipeLines.Kinds, reading.Lines.Of);
            foreach (var block in blocks)
                if (numbers.TryAdd(block, numbers.Count))
                    text.Append(CultureInfo.InvariantCulture, $"block\t{block.Length}\n").Append(block);
            text.Append("stage\t").Append(key).Append('\t').AppendJoin(' ', blocks.Select(block => numbers[block]))
                .Append('\n');
            foreach (var finding in reading.Findings)
                text.Append(CultureInfo.InvariantCulture, $"finding\t{(int)finding.Kind}\t{finding.What}\t")
                    .Append(finding.Place).Append('\t').AppendJoin(Part, finding.Chain).Append('\n');
        }
        try
        {
            AtomicFile.WriteText(_path, SealedText.Seal(text.ToString()));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // A cache that cannot be written is only slower.
        }
    }

    private void Read(string text)
    {
        var at = 0;
        if (NextLine() != Header)
            return;
        var blocks = new List<string>();
        List<CodeFinding> findings = [];
        while (at < text.Length)
        {
            var fields = NextLine().Split('\t');
            switch (fields[0])
            {
                case "file":
                    _files.Add(new(fields[2], FileIdentity.Of(fields[2])));
                    if (Text(_files[^1].Identity) != fields[1])
                        return;
                    break;
                case "block":
                    var length = int.Parse(fields[1], CultureInfo.InvariantCulture);
                    blocks.Add(text.Substring(at, length));
                    at += length;
                    break;
                case "stage":
                    findings = [];
                    var numbers = fields[2].Split(' ');
                    if (numbers.Length != RecipeLines.Kinds.Length)
                        throw new FormatException("This text has other kinds of entries.");
                    _readings[fields[1]] = new(new RecipeLines(Array.ConvertAll(numbers,
                        number => blocks[int.Parse(number, CultureInfo.InvariantCulture)])), findings);
                    break;
                case "finding":
                    findings.Add(new((CodeFindingKind)int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2],
                        fields[4].Length == 0 ? [] : fields[4].Split(Part), fields[3].Length == 0 ? null : fields[3]));
                    break;
            }
        }

        string NextLine()
        {
            var end = text.IndexOf('\n', at);
            var line = text[at..end];
            at = end + 1;
            return line;
        }
    }

    private static string Text(FileIdentity? identity) => identity is { } known
        ? string.Create(CultureInfo.InvariantCulture,
            $"{known.SizeBytes} {known.ModifiedNs} {known.ChangedNs} {known.Inode}")
        : "none";
}

/// <summary>A file that the program is made of, and what the file system says of it; null if it is not there.</summary>
internal sealed record ProgramFile(string Path, FileIdentity? Identity);
