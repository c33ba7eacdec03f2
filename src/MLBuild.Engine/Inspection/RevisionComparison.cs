using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Revisions;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>A stage as it is now beside what it was when another git revision was built.</summary>
/// <param name="now">What is expected of the stage and of all that it reads.</param>
public sealed class RevisionComparison(Workspace workspace, Git git, IReadOnlyList<Forecast.Line> now)
{
    private const int MostNamed = 10;
    private const int MostNearest = 3;

    private sealed record Then(RevisionRecords.Entry Entry, Recipe? Recipe, ActionRecord? Record);

    /// <summary>The lines that a person reads: the stage itself, then each stage behind it that differs.</summary>
    /// <param name="revision">As a person names it: a tag, a branch, a commit, <c>HEAD~3</c>.</param>
    /// <exception cref="PipelineException">git or the revision is not there, or no run of it is recorded.</exception>
    public IReadOnlyList<string> Lines(StageName stage, string revision)
    {
        var commit = git.CommitOf(revision);
        var named = commit.StartsWith(revision, StringComparison.Ordinal)
            ? $"commit {commit[..8]}" : $"{revision} (commit {commit[..8]})";
        var then = workspace.Revisions.Find(commit).OrderBy(entry => entry.State).DistinctBy(entry => entry.Unit)
            .ToArray();
        if (then.Length == 0)
            throw new PipelineException($"No run of {named} is recorded in this store. {Nearest(commit)}");
        if (!then.Any(entry => IsOf(entry, stage)))
            throw new PipelineException($"The recorded run of {named} has no {stage}. It has: " +
                $"{string.Join(", ", then.Select(entry => entry.Unit.Split('/')[0]).Distinct())}.");
        var lines = new List<string>(Stage(stage, then, named, isAsked: true));
        foreach (var behind in now.Select(line => line.Stage).Distinct().Where(other => other != stage).Reverse())
            lines.AddRange(Stage(behind, then, named, isAsked: false));
        return lines;
    }

    private IEnumerable<string> Stage(
        StageName stage, RevisionRecords.Entry[] then, string named, bool isAsked)
    {
        var old = then.Where(entry => IsOf(entry, stage)).ToDictionary(entry => entry.Unit, entry => new Then(
            entry, workspace.RecipeOf(entry.Fingerprint), workspace.Records.Find(entry.Fingerprint)));
        var units = now.Where(line => line.Stage == stage).ToDictionary(line => line.Unit);
        var edited = old.Values.Any(unit => unit.Entry.State == TreeState.Edited) ? ", with edits" : "";
        if (units.Count == 1 && old.Count == 1 && units.Keys.Single() == old.Keys.Single())
        {
            var (before, line) = (old.Values.Single(), units.Values.Single());
            var differences = Differences(before, line).ToArray();
            if (differences.Length == 0)
                return isAsked ? [$"{stage}: the same recipe as at {named}{edited}", $"  {Built(before)}"] : [];
            return
            [
                .. isAsked ? [] : new[] { "" },
                $"{stage} compared with {named}{edited}:",
                $"  then: {Built(before)}",
                $"  now:  {Now(line)}",
                .. differences.Select(difference => $"  {difference}"),
            ];
        }
        var changes = units.Keys.Union(old.Keys).Order(StringComparer.Ordinal)
            .Select(unit => (unit, text: Change(old.GetValueOrDefault(unit), units.GetValueOrDefault(unit))))
            .Where(change => change.text.Length > 0).ToArray();
        if (changes.Length == 0)
            return isAsked ? [$"{stage}: the same {Wording.Count(units.Count, "recipe")} as at {named}{edited}"] : [];
        return
        [
            .. isAsked ? [] : new[] { "" },
            $"{stage} compared with {named}{edited}: {changes.Length} of " +
                $"{Wording.Count(units.Keys.Union(old.Keys).Count(), "partition")} differ{(changes.Length == 1
                    ? "s" : "")}",
            .. changes.Take(MostNamed).Select(change => $"  {KeyOf(change.unit)}: {change.text}"),
            .. changes.Length > MostNamed ? [$"  and {changes.Length - MostNamed} more"] : Array.Empty<string>(),
        ];
    }

    private string Change(Then? before, Forecast.Line? line) => (before, line) switch
    {
        (null, _) => "is new",
        (_, null) => "is gone",
        _ => Differences(before, line).ToArray() is { Length: > 0 } differences ? string.Join("; ", differences) : "",
    };

    private IEnumerable<string> Differences(Then before, Forecast.Line line) => (before.Recipe,
        line.Recipe) switch
    {
        (_, null) => [$"its recipe now is not known: {line.Expectation}"],
        (null, var recipe) when recipe.Fingerprint == before.Entry.Fingerprint => [],
        (null, _) => [$"the recipe of then, {before.Entry.Fingerprint.Short}, is no longer in the store"],
        var (old, recipe) => RecipeDiff.Between(old, recipe)
            .Select(change => TreeDiff.Explain(change, workspace.TreeOf).ToString()),
    };

    private static string Built(Then unit) => unit.Record is { } record
        ? Built(record)
        : $"recipe {unit.Entry.Fingerprint.Short}, of which the store has no result any more";

    private static string Built(ActionRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"built {record.FinishedAt:yyyy-MM-dd HH:mm} UTC in {Wording.Duration(record.Duration)}, recipe " +
        $"{record.Fingerprint.Short}");

    private static string Now(Forecast.Line line) => line.Expectation is Expectation.Decided { Record: { } record }
        ? $"{line.Expectation}, {Built(record)}"
        : $"{line.Expectation}";

    private string Nearest(string commit)
    {
        // Counting commits takes git a while; the newest runs are the likeliest.
        const int MostAsked = 20;
        var nearest = workspace.Revisions.Commits().OrderByDescending(workspace.Revisions.LearnedAt).Take(MostAsked)
            .Select(other => (other, distance: git.Distance(commit, other)))
            .Where(pair => pair.distance is not null)
            .OrderBy(pair => pair.distance!.Value.Behind + pair.distance.Value.Ahead)
            .ThenBy(pair => pair.other, StringComparer.Ordinal)
            .Take(MostNearest).Select(pair => $"{pair.other[..8]} ({Away(pair.distance!.Value)})").ToArray();
        return nearest.Length == 0
            ? "No run of any commit of this repository is; every run records its own."
            : $"Nearest recorded: {string.Join(", ", nearest)}.";

        static string Away((int Behind, int Ahead) distance) => distance switch
        {
            (0, var later) => $"{Wording.Count(later, "commit")} later",
            (var earlier, 0) => $"{Wording.Count(earlier, "commit")} earlier",
            var (lacks, has) => $"lacks {Wording.Count(lacks, "commit")}, has {has} others",
        };
    }

    private static bool IsOf(RevisionRecords.Entry entry, StageName stage) =>
        entry.Unit.Split('/')[0] == stage.ToString();

    private static string KeyOf(string unit) => unit[(unit.IndexOf('/') + 1)..];
}
