using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>An unedited program, with the recipes that mutations of it are compared with.</summary>
public sealed class Subject(SampleProgram source)
{
    private readonly Lazy<IReadOnlyDictionary<string, string>> _recipes = new(() => RecipesOf(source, set: null));

    /// <summary>Fails unless an edit changes the stages that it must change, and besides only what is allowed.
    /// </summary>
    /// <param name="needless">Stages that change although nothing changed for them; by spaces.</param>
    public void Check(Mutation mutation, string needless = "")
    {
        var mutated = RecipesOf(mutation.Edit(source), mutation.Set);
        var expected = Words(mutation.Changes).Concat(Words(needless)).ToHashSet();
        var changed = _recipes.Value.Where(stage => mutated[stage.Key] != stage.Value)
            .Select(stage => stage.Key).ToHashSet();
        Assert.True(expected.IsSubsetOf(_recipes.Value.Keys), $"'{mutation.Name}' names a stage that there is not.");
        Assert.True(changed.SetEquals(expected), $"""
            '{mutation.Name}' should change {Text(expected)}, and changes {Text(changed)}.
            Missed: {Text(expected.Except(changed))}. Needless: {Text(changed.Except(expected))}.
            {string.Join('\n', changed.Except(expected).SelectMany(stage => Differences(
                stage, _recipes.Value[stage], mutated[stage])))}
            """);
    }

    private static string Text(IEnumerable<string> stages) =>
        stages.Any() ? string.Join(", ", stages.Order(StringComparer.Ordinal)) : "nothing";

    private static IEnumerable<string> Differences(string stage, string before, string after) =>
        before.Split('\n').Except(after.Split('\n')).Select(line => $"{stage} -{line}")
            .Concat(after.Split('\n').Except(before.Split('\n')).Select(line => $"{stage} +{line}"));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IReadOnlyDictionary<string, string> RecipesOf(SampleProgram source, Action<RunningProgram>? set)
    {
        using var program = new RunningProgram(CompiledProgram.Of(source), set);
        return program.Recipes();
    }
}
