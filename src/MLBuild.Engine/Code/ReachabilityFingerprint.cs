using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Code;

/// <summary>A stage's code as everything its delegate can reach: members of user assemblies, read from IL; packages, by
/// version; values that the delegate captures.</summary>
/// <param name="dependenciesFile">The program's <c>.deps.json</c>, with the assemblies of user code beside it. They
/// are read from their files; nothing is loaded.</param>
public sealed class ReachabilityFingerprint(string dependenciesFile) : ICodeFingerprint
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StageName, (Stage Stage, CodeReading Reading)> _readings = [];
    private UserCode? _code;
    private StageEntries? _entries;

    /// <summary>The fingerprint of the program that is running.</summary>
    public static ReachabilityFingerprint OfThisProgram()
    {
        // More than one is listed only when a host such as a test runner adds its own behind the program's.
        var files = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new(files.FirstOrDefault() ?? Path.Combine(AppContext.BaseDirectory, "missing.deps.json"));
    }

    /// <inheritdoc/>
    public CodeReading Of(Stage stage)
    {
        lock (_lock)
        {
            if (_readings.TryGetValue(stage.Name, out var known) && known.Stage == stage)
                return known.Reading;
            var reading = Read(stage);
            _readings[stage.Name] = (stage, reading);
            return reading;
        }
    }

    private CodeReading Read(Stage stage)
    {
        if (stage.Tracking.Mode == CodeMode.Version)
            return new([new(RecipeKind.Code, "code", "version", stage.Tracking.Version!)], []);
        _code ??= new(dependenciesFile);
        _entries ??= new(_code);
        var root = stage.Code!.Method.Module.Assembly.GetName().Name!;
        if (_code.Module(root) is null)
            throw new PipelineException(
                $"The code of '{root}' is not listed in '{dependenciesFile}', so what it depends on is unknown. " +
                "Run the build program as 'dotnet build' made it, with its .deps.json beside it.");
        var builds = BuildClasses.Of(_code, [stage.Code, stage.Options]);
        var reach = new Reach(_code, builds);
        foreach (var type in stage.Tracking.Reflected ?? [])
        {
            if (new RuntimeCode(_code).Definition(type) is { } reflected)
                reach.AddWhole(reflected, null);
        }
        var values = new CapturedValues(_code, builds, stage.Name.ToString());
        values.Follow(stage.Code, reach);
        return new(
        [
            .. _entries.OfFramework(),
            .. stage.Tracking.Mode == CodeMode.Assemblies ? _entries.OfAssemblies() : _entries.OfReach(reach, builds),
            .. values.Entries,
        ], []);
    }
}
