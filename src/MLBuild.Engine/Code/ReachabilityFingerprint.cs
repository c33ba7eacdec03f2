using System.Collections.Immutable;
using System.Reflection.Metadata.Ecma335;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Code;

/// <summary>A stage's code as everything its delegate can reach: members of user assemblies, read from IL; packages, by
/// version; values that the delegate captures.</summary>
/// <param name="dependenciesFile">The program's <c>.deps.json</c>, with the assemblies of user code beside it. They
/// are read from their files; nothing is loaded.</param>
/// <param name="cacheFile">Where readings are kept between runs, if anywhere.</param>
public sealed class ReachabilityFingerprint(
    string dependenciesFile, string? cacheFile = null, TimeProvider? clock = null) : ICodeFingerprint
{
    private const string NotFollowed = "not followed";
    private const string NotKnownValue = "not known";

    private readonly Lazy<CodeCache?> _cache = new(() =>
        cacheFile is null ? null : CodeCache.Open(cacheFile, clock ?? TimeProvider.System));

    private readonly Lock _lock = new();
    private readonly Dictionary<StageName, (Stage Stage, CodeReading Reading)> _readings = [];
    private ProgramFile[] _files = [];
    private UserCode? _code;
    private StageEntries? _entries;

    /// <summary>The fingerprint of the program that is running.</summary>
    public static ReachabilityFingerprint OfThisProgram(string? cacheFile = null)
    {
        // More than one is listed only when a host such as a test runner adds its own behind the program's.
        var files = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new(files.FirstOrDefault() ?? Path.Combine(AppContext.BaseDirectory, "missing.deps.json"),
            cacheFile);
    }

    /// <inheritdoc/>
    public CodeReading Of(Stage stage)
    {
        lock (_lock)
        {
            if (_readings.TryGetValue(stage.Name, out var known) && ReferenceEquals(known.Stage, stage))
                return known.Reading;
            var reading = Recall(stage);
            _readings[stage.Name] = (stage, reading);
            return reading;
        }
    }

    /// <summary>What a function is, whichever program runs it: the members of user code that it reaches, the values
    /// that it captures, and its packages. What is the program's is left out: the framework, its settings, and code
    /// that the function does not call, also where it fills static fields; the value of one that may be assigned
    /// counts, if it is one thing, unless the function assigns it itself. What cannot be followed or known is an entry
    /// that says so: <see cref="NotKnown"/>.</summary>
    /// <param name="name">What the function does, for messages.</param>
    /// <exception cref="PipelineException">The program's code cannot be read.</exception>
    public Recipe OfFunction(string name, Delegate function)
    {
        if (!File.Exists(dependenciesFile))
            throw new PipelineException($"The code of '{name}' cannot be read: '{dependenciesFile}' is not there. " +
                "Run the program as 'dotnet build' or 'dotnet publish' made it, not trimmed and not as a single file.");
        using var code = new UserCode(dependenciesFile);
        var builds = BuildClasses.Of(code, [function]);
        var (reach, values) = Follow(
            code, new(code, builds, Fillers.None), new(code, builds, name, Fillers.None), function, []);
        var opaque = new UndeclaredInputs(code, reach, builds)
            .Of(StageKind.Cached, values, ImmutableHashSet<(object, CodeField)>.Empty)
            .Where(finding => finding.Kind == CodeFindingKind.Opaque);
        return new(
        [
            .. new StageEntries(code, Fillers.None).OfReach(reach, builds),
            .. values.Entries,
            .. opaque.Select(finding => finding.What).Distinct()
                .Select(what => new RecipeEntry(RecipeKind.Code, what, NotFollowed, "")),
            .. values.Faults.Index().Select(fault =>
                new RecipeEntry(RecipeKind.Captured, $"value {fault.Index}", NotKnownValue, fault.Item)),
        ]);
    }

    /// <summary>What <see cref="OfFunction"/> could not follow or know. Two functions that differ there alone are taken
    /// for one.</summary>
    /// <returns>Verb and object: <c>reads 'index', a GeoIndex, whose value no recipe can hold</c>.</returns>
    public static IEnumerable<string> NotKnown(Recipe function) => function.Entries.SelectMany(entry => entry switch
    {
        { Kind: RecipeKind.Code, Type: NotFollowed } => [$"reflects over what cannot be followed ({entry.Name})"],
        { Kind: RecipeKind.Captured, Type: NotKnownValue } => [entry.Value],
        _ => (string[])[],
    });

    /// <inheritdoc/>
    public CodeReading Again(Stage stage)
    {
        lock (_lock)
        {
            var files = _code is null ? _cache.Value?.Files ?? [] : _files;
            if (!files.All(file => FileIdentity.Of(file.Path) == file.Identity))
            {
                _readings.Clear();
                _cache.Value?.Forget();
                _code?.Dispose();
                (_code, _entries) = (null, null);
            }
            return Of(stage);
        }
    }

    /// <summary>Keeps what was read for the next run.</summary>
    public void Save()
    {
        lock (_lock)
        {
            if (_code is not null)
                _cache.Value?.Save(_files);
        }
    }

    // A stage's captured values may be others in every run, so its code is read in every run.
    private CodeReading Recall(Stage stage)
    {
        var key = _cache.Value is null ? "" : CodeCache.KeyOf(stage);
        if (_cache.Value?.Find(key) is { } known)
            return known;
        var reading = Read(stage);
        if (reading.Lines.Of(RecipeKind.Captured).Length == 0)
            _cache.Value?.Keep(key, reading);
        return reading;
    }

    /// <summary>Every method that a stage's code can come to, by assembly and metadata token.</summary>
    internal IReadOnlySet<(string Assembly, int Token)> MethodsOf(Stage stage)
    {
        lock (_lock)
        {
            return Follow(Open(), stage).Reach.Methods.Keys
                .Select(method => (method.Module.Name, MetadataTokens.GetToken(method.Handle))).ToHashSet();
        }
    }

    private UserCode Open()
    {
        if (_code is null || _entries is null)
        {
            _code = new(dependenciesFile);
            _entries = new(_code);
            _files = [.. _code.Libraries.Files.Select(path => new ProgramFile(path, FileIdentity.Of(path)))];
        }
        return _code;
    }

    private CodeReading Read(Stage stage)
    {
        var code = Open();
        // The author's word is about the code; the framework that runs it is another matter.
        if (stage.Tracking.Mode == CodeMode.Version)
            return new(
                [.. _entries!.OfFramework(), new(RecipeKind.Code, "code", "version", stage.Tracking.Version!)], []);
        var (reach, values, builds) = Follow(code, stage);
        IReadOnlyList<CodeFinding> findings =
            new UndeclaredInputs(code, reach, builds).Of(stage.Kind, values, Declared(stage, builds));
        if (stage.Tracking.TrustedBecause is not null)
            findings = [.. findings.Where(finding => finding.Kind != CodeFindingKind.Opaque)];
        var isWhole = stage.Tracking.Mode == CodeMode.Assemblies
            || findings.Any(finding => finding.Kind == CodeFindingKind.Opaque);
        return new(
        [
            .. _entries!.OfFramework(),
            .. stage.Tracking.TrustedBecause is { } reason
                ? [new RecipeEntry(RecipeKind.Code, "trusted reach", "reason", reason)] : Array.Empty<RecipeEntry>(),
            .. isWhole ? _entries.OfAssemblies() : _entries.OfReach(reach, builds),
            .. values.Entries,
        ], stage.Tracking.Mode == CodeMode.Assemblies
            ? [.. findings.Where(finding => finding.Kind != CodeFindingKind.Opaque)] : findings);
    }

    private (Reach Reach, CapturedValues Values, BuildClasses Builds) Follow(UserCode code, Stage stage)
    {
        var builds = BuildClasses.Of(code, stage.Options is { } options ? [stage.Code!, options] : [stage.Code!]);
        var (reach, values) = Follow(code, new(code, builds), new(code, builds, stage.Name.ToString()), stage.Code!,
            stage.Tracking.Reflected ?? []);
        values.Demand();
        return (reach, values, builds);
    }

    private (Reach Reach, CapturedValues Values) Follow(
        UserCode code, Reach reach, CapturedValues values, Delegate function, IReadOnlyList<Type> reflected)
    {
        var root = function.Method.Module.Assembly.GetName().Name!;
        if (code.Module(root) is null)
            throw new PipelineException(
                $"The code of '{root}' is not listed in '{dependenciesFile}', so what it depends on is unknown. " +
                "Run the build program as 'dotnet build' made it, with its .deps.json beside it.");
        foreach (var type in reflected)
        {
            if (new RuntimeCode(code).Definition(type) is { } whole)
                reach.AddWhole(whole, null);
        }
        values.Follow(function, reach);
        return (reach, values);
    }

    // What the options read is declared: their values are parameters.
    private HashSet<(object, CodeField)> Declared(Stage stage, BuildClasses builds)
    {
        if (stage.Options is not { } options || new RuntimeCode(_code!).Definition(options.Method) is null)
            return [];
        var values = new CapturedValues(_code!, builds, stage.Name.ToString());
        values.Follow(options, new Reach(_code!, builds));
        return [.. values.Places.Select(place => (place.Holder, place.Field))];
    }
}
