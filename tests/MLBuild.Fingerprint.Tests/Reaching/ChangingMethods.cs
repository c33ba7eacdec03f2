using MLBuild.Fingerprint.Tests.Mutations;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Every method of a program is changed in turn, in its compiled form: whatever stage ran it is
/// stale.</summary>
public sealed class ChangingMethods
{
    [Fact]
    public Task IsSeenByTheStagesThatRanThemInTaxi() => Check(MutationTable.Taxi.Program, fewestPairs: 40);

    [Fact]
    public Task IsSeenByTheStagesThatRanThemInHard() => Check(MutationTable.Hard.Program, fewestPairs: 40);

    [Fact]
    public Task IsSeenByTheStagesThatRanThemInShapes() => Check(MutationTable.Shapes.Program, fewestPairs: 100);

    private static async Task Check(SampleProgram source, int fewestPairs)
    {
        var program = CompiledProgram.Of(source);
        var executed = await Execution.Of(program);
        var recipes = Recipes(program);
        var pairs = 0;
        var missed = new List<string>();
        foreach (var assembly in program.Assemblies)
        {
            foreach (var method in Instrumentation.Methods(assembly).Keys
                .Where(method => !Instrumentation.IsTrivial(method)))
            {
                var stages = executed.Where(stage => stage.Value.Contains(method)).Select(stage => stage.Key)
                    .Except(HardEdits.ByVersion.Split(' ')).ToArray();
                if (stages.Length == 0)
                    continue;
                pairs += stages.Length;
                var changed = Recipes(program.With(Instrumentation.WithChanged(assembly, method)));
                missed.AddRange(stages.Where(stage => changed[stage] == recipes[stage])
                    .Select(stage => $"{stage} ran {method}, and does not see that it changed"));
            }
        }
        Assert.True(missed.Count == 0, string.Join('\n', missed));
        Assert.True(pairs >= fewestPairs, $"only {pairs} pairs of stage and method were executed");
    }

    private static IReadOnlyDictionary<string, string> Recipes(CompiledProgram program)
    {
        using var running = new RunningProgram(program);
        return running.Recipes();
    }
}
