using MLBuild.Fingerprint.Tests.Mutations;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Where things stand in the tables of an assembly is not what they are.</summary>
public sealed class ShiftingTokens
{
    private const int Types = 20;

    public static TheoryData<string> Programs => ["Taxi", "Hard", "Shapes"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void TypesInFrontChangeNothing(string name)
    {
        var source = Find(name).Program;
        var shifted = source.Projects.Aggregate(source, (edited, project) => edited.Add(
            $"{project}/AAA.cs", string.Concat(Enumerable.Range(0, Types).Select(i => $$"""
                namespace AAA{{i}}
                {
                    public class First
                    {
                        public static string Text = "text {{i}}";
                        public int Method(int a) => a + {{i}};
                        public System.Func<int> Function(int a) => () => a * {{i}};
                    }
                }

                """))));
        Same(CompiledProgram.Of(source), CompiledProgram.Of(shifted));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void RewrittenTablesChangeNothing(string name)
    {
        var program = CompiledProgram.Of(Find(name).Program);
        var rewritten = program.Assemblies.Aggregate(program, (edited, assembly) =>
            edited.With(Instrumentation.RoundTrip(assembly)));
        Assert.All(program.Assemblies.Zip(rewritten.Assemblies), pair =>
            Assert.NotEqual(pair.First.Image, pair.Second.Image));
        Same(program, rewritten);
    }

    private static MutationTable Find(string name) => name switch
    {
        "Taxi" => MutationTable.Taxi,
        "Hard" => MutationTable.Hard,
        "Shapes" => MutationTable.Shapes,
        _ => throw new ArgumentException($"There is no program '{name}'."),
    };

    // Stages that are tracked by assemblies see that there is more in them.
    private static void Same(CompiledProgram before, CompiledProgram after)
    {
        using var one = new RunningProgram(before);
        using var other = new RunningProgram(after);
        var recipes = other.Recipes();
        Assert.All(
            one.Recipes().Where(stage => !HardEdits.ByAssemblies.Split(' ').Contains(stage.Key)),
            stage => Assert.Equal(stage.Value, recipes[stage.Key]));
    }
}
