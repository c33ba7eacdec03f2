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
    private const string Header = "mlbuild-code 1";

    private const char Part = '\u001f';

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, CodeReading> _readings = new(StringComparer.Ordinal);
    private readonly List<(string Path, FileIdentity? Identity)> _files = [];
    private bool _isDirty;

    /// <summary>The files that the readings found were made of.</summary>
    public IReadOnlyList<(string Path, FileIdentity? Identity)> Files => _files;

    private CodeCache(string path, TimeProvider clock) => (_path, _clock) = (path, clock);

    public static CodeCache Open(string path, TimeProvider clock)
    {
        var cache = new CodeCache(path, clock);
        try
        {
            if (File.Exists(path) && SealedText.Open(File.ReadAllText(path)) is { } text)
                cache.Read(text.Split('\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException
            or IndexOutOfRangeException or OverflowException)
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
        if (reading.Findings.Any(finding => finding.What.Any(char.IsControl)))
            return;
        _readings[key] = reading;
        _isDirty = true;
    }

    public void Forget() => _readings.Clear();

    /// <summary>Writes what is new. Failing to is no error: the next run reads the code again.</summary>
    /// <param name="files">Everything the readings were made of.</param>
    public void Save(IEnumerable<(string Path, FileIdentity? Identity)> files)
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
        var numbers = new Dictionary<RecipeEntry, int>();
        foreach (var entry in _readings.Values.SelectMany(reading => reading.Entries))
        {
            if (numbers.TryAdd(entry, numbers.Count))
                text.Append("entry\t").Append(entry.ToLine());
        }
        foreach (var (key, reading) in _readings)
        {
            text.Append("stage\t").Append(key).Append('\t')
                .AppendJoin(' ', reading.Entries.Select(entry => numbers[entry])).Append('\n');
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

    private void Read(string[] lines)
    {
        if (lines[0] != Header)
            return;
        var entries = new List<RecipeEntry>();
        List<CodeFinding> findings = [];
        foreach (var line in lines.AsSpan(1))
        {
            var fields = line.Split('\t');
            switch (fields[0])
            {
                case "file":
                    _files.Add((fields[2], FileIdentity.Of(fields[2])));
                    if (Text(_files[^1].Identity) != fields[1])
                        return;
                    break;
                case "entry":
                    entries.Add(RecipeEntry.Parse(line["entry\t".Length..]));
                    break;
                case "stage":
                    findings = [];
                    _readings[fields[1]] = new([.. fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(number => entries[int.Parse(number, CultureInfo.InvariantCulture)])], findings);
                    break;
                case "finding":
                    findings.Add(new((CodeFindingKind)int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2],
                        fields[4].Length == 0 ? [] : fields[4].Split(Part), fields[3].Length == 0 ? null : fields[3]));
                    break;
            }
        }
    }

    private static string Text(FileIdentity? identity) => identity is { } known
        ? string.Create(CultureInfo.InvariantCulture,
            $"{known.SizeBytes} {known.ModifiedNs} {known.ChangedNs} {known.Inode}")
        : "none";
}
