using System.Reflection;
using System.Runtime.Loader;
using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>A program in a folder of its own, loaded beside others, with its build class made and its stages
/// declared.</summary>
public sealed class RunningProgram : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoadContext _context;
    private readonly string _dependencies;

    /// <param name="set">Sets members of the build class and statics, as a command line would, before any stage is
    /// declared.</param>
    public RunningProgram(CompiledProgram program, Action<RunningProgram>? set = null)
    {
        _dependencies = program.WriteTo(_folder.Path);
        _context = new(_folder.Path);
        Assemblies = [.. program.Assemblies.Select(assembly =>
            _context.LoadFromAssemblyPath(_folder[$"{assembly.Name}.dll"]))];
        Build = Activator.CreateInstance(Type("Build"))!;
        set?.Invoke(this);
        Stages = (Stage[])Build.GetType().GetProperty("Stages")!.GetValue(Build)!;
    }

    public IReadOnlyList<Assembly> Assemblies { get; }

    /// <summary>The object whose members the stages are.</summary>
    public object Build { get; }

    public IReadOnlyList<Stage> Stages { get; }

    public Type Type(string name) =>
        Assemblies.Select(assembly => assembly.GetType(name)).Single(type => type is not null)!;

    /// <summary>Sets a property of the build class.</summary>
    public void Set(string property, object? value) => Build.GetType().GetProperty(property)!.SetValue(Build, value);

    /// <summary>Sets a static field.</summary>
    public void SetStatic(string type, string field, object? value) =>
        Type(type).GetField(field)!.SetValue(null, value);

    /// <summary>What the analyser reads of every stage, in one program run.</summary>
    public IReadOnlyDictionary<string, CodeReading> Read()
    {
        var analyser = Analyser.Of(_dependencies);
        return Stages.ToDictionary(stage => $"{stage.Name}", analyser.Of);
    }

    /// <summary>Every stage's entries of code and of parameters, as the text of a recipe.</summary>
    public IReadOnlyDictionary<string, string> Recipes()
    {
        var readings = Read();
        return Stages.ToDictionary(stage => $"{stage.Name}", stage => new Recipe(
            readings[$"{stage.Name}"].Entries.Concat(ParameterEntries.Of(stage.Options?.DynamicInvoke()))).Text);
    }

    /// <summary>What the analyser says that a function of this program is.</summary>
    public Recipe OfFunction(Delegate function) => Analyser.Of(_dependencies).OfFunction("fares", function);

    /// <summary>The methods that every stage's code can come to, by assembly and metadata token.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<(string Assembly, int Token)>> Reached()
    {
        var analyser = Analyser.Of(_dependencies);
        return Stages.ToDictionary(stage => $"{stage.Name}", analyser.MethodsOf);
    }

    public void Dispose()
    {
        _context.Unload();
        _folder.Dispose();
    }

    // MLBuild's assemblies are those of the tests, so that a stage here is a stage there.
    private sealed class LoadContext(string folder) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name)
        {
            var path = Path.Combine(folder, $"{name.Name}.dll");
            return File.Exists(path) && !name.Name!.StartsWith("MLBuild.", StringComparison.Ordinal)
                ? LoadFromAssemblyPath(path)
                : null;
        }
    }
}
