using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>An unedited program, with the recipes that mutations of it are compared with.</summary>
public sealed class Subject(SampleProgram source)
{
    private readonly Lazy<IReadOnlyDictionary<string, string>> _recipes = new(() => RecipesOf(source, set: null));

    /// <summary>The stages whose recipes a mutation changes, in order, by spaces.</summary>
    public string ChangedBy(Mutation mutation)
    {
        var mutated = RecipesOf(mutation.Edit(source), mutation.Set);
        return string.Join(' ', _recipes.Value.Where(stage => mutated[stage.Key] != stage.Value)
            .Select(stage => stage.Key));
    }

    private static IReadOnlyDictionary<string, string> RecipesOf(SampleProgram source, Action<RunningProgram>? set)
    {
        using var program = new RunningProgram(CompiledProgram.Of(source), set);
        return program.Recipes();
    }
}
