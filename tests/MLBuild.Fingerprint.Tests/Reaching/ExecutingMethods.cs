using MLBuild.Engine.Code;
using MLBuild.Fingerprint.Tests.Mutations;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Whatever method a stage runs was reached before by reading: no code runs unseen. Besides the sample
/// programs, in a large library that counts as user code: it reflects, so its stages are tracked by whole assemblies
/// too, but what it runs is reached without that.</summary>
public sealed class ExecutingMethods
{
    private static readonly SampleProgram Library = SampleProgram.Read("Library", "_build") with
    {
        Compiled =
        [
            new("Newtonsoft.Json",
                File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Newtonsoft.Json.dll")), Symbols: null),
        ],
    };

    // What only reflection over what cannot be followed leads to; such stages are tracked by whole assemblies.
    private static readonly Dictionary<string, string[]> ByReflection = new()
    {
        ["Hard"] =
        [
            "Named: Parts: System.Double Parts.FirstPlugin::Run()",
            "Named: Parts: System.Void Parts.FirstPlugin::.ctor()",
        ],
    };

    public static TheoryData<string> Programs => ["Taxi", "Hard", "Shapes", "Library"];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task StaysInsideTheReach(string name)
    {
        var program = CompiledProgram.Of(name switch
        {
            "Taxi" => MutationTable.Taxi.Program,
            "Hard" => MutationTable.Hard.Program,
            "Shapes" => MutationTable.Shapes.Program,
            "Library" => Library,
            _ => throw new ArgumentException($"There is no program '{name}'."),
        });
        var executed = await Execution.Of(program);
        using var running = new RunningProgram(program);
        var reached = running.Reached();
        var tokens = program.Assemblies.SelectMany(assembly => Instrumentation.Methods(assembly)
            .Select(method => (method.Key, Value: (assembly.Name, method.Value))))
            .ToDictionary(method => method.Key, method => method.Value);
        Assert.All(executed, stage => Assert.NotEmpty(stage.Value));
        var unseen = executed.SelectMany(stage => stage.Value
            .Where(method => !Instrumentation.IsTrivial(method) && !reached[stage.Key].Contains(tokens[method]))
            .Select(method => $"{stage.Key}: {method}")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(ByReflection.GetValueOrDefault(name, []), unseen);
    }
}
