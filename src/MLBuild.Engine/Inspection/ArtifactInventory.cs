using System.Globalization;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>What the store holds, by the names that people use.</summary>
public sealed class ArtifactInventory(Workspace workspace)
{
    private const int FewestDigits = 4;
    private const int MostNamed = 5;

    /// <summary>One stored output.</summary>
    /// <param name="Unit">The stage that wrote it, with its partition if it has one.</param>
    /// <param name="IsCurrent">True if it is of the unit's last result; else an older one that a rerun can bring
    /// back.</param>
    public sealed record Item(string Unit, string Output, Artifact Artifact, ActionRecord Record, bool IsCurrent)
    {
        public string Name => $"{Unit}/{Output}";

        /// <summary>The stage without the partition.</summary>
        public string Stage => Unit.Split('/')[0];
    }

    /// <summary>The outputs of the last result of every unit, by unit and output.</summary>
    public IReadOnlyList<Item> Current() => [.. workspace.LastUnits().SelectMany(LastOf)];

    /// <summary>Every output of a stage that is stored: by unit the current ones first, then by age.</summary>
    public IReadOnlyList<Item> OfStage(StageName stage)
    {
        var current = workspace.LastUnits(stage).Select(workspace.Last).OfType<ActionRecord>()
            .Select(record => record.Fingerprint).ToHashSet();
        return [.. workspace.Index.OfStage(stage.ToString())
            .SelectMany(record => Items(record, current.Contains(record.Fingerprint)))
            .OrderBy(item => item.Unit, StringComparer.Ordinal)
            .ThenByDescending(item => item.IsCurrent)
            .ThenByDescending(item => item.Record.FinishedAt)
            .ThenBy(item => item.Output, StringComparer.Ordinal)];
    }

    /// <summary>The artifact that a person means by <c>Train/model.zip</c>, by <c>Ingest/2019-02/trips.parquet</c>, by
    /// a beginning that only one has, or by the first digits of its hash. With <c>~1</c> behind it, that of the result
    /// before it; with <c>~2</c>, of the one before that.</summary>
    /// <exception cref="PipelineException">There is none, or more than one.</exception>
    public Item Find(string text)
    {
        var tilde = text.LastIndexOf('~');
        return tilde > 0 && int.TryParse(text.AsSpan(tilde + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var back) ? Before(FindNow(text[..tilde]), back) : FindNow(text);
    }

    private Item FindNow(string text)
    {
        var typed = text.TrimEnd('/');
        var units = workspace.LastUnits();
        var named = units.Where(unit => Begins(typed, $"{unit}/")).SelectMany(LastOf)
            .FirstOrDefault(item => item.Name.TrimEnd('/').Equals(typed, StringComparison.OrdinalIgnoreCase));
        if (named is not null)
            return named;
        var hashed = ByHash(text);
        if (hashed.Length == 1)
            return hashed[0];
        if (hashed.Length > 1)
            throw new PipelineException($"'{text}' begins the hashes of {hashed.Length} artifacts: " +
                $"{string.Join(", ", hashed.Select(item => $"{item.Artifact.Hash.Hex[..12]} ({item.Name})"))}. Give " +
                $"more digits.");
        // Of a partition also without its key, which only one may have.
        var begun = text.Length == 0 ? [] : units.Where(unit => Begins(unit, text)
                || Begins(text, $"{unit}/") || Begins(text, $"{unit.Split('/')[0]}/"))
            .SelectMany(LastOf).Where(item => Begins(item.Name, text) || Begins($"{item.Stage}/{item.Output}", text))
            .ToArray();
        return begun switch
        {
            [var only] => only,
            [] => throw new PipelineException(
                $"There is no artifact '{text}'. Name one as Stage/output or by at least four digits of its hash; " +
                $"./build.sh Artifacts lists them." + Suggestion.For(text, Current().Select(item => item.Name))),
            _ => throw new PipelineException($"'{text}' begins the names of {begun.Length} artifacts: " +
                $"{string.Join(", ", begun.Take(MostNamed).Select(item => item.Name))}" +
                (begun.Length > MostNamed ? $" and {begun.Length - MostNamed} more" : "") + ". Name one of them."),
        };
    }

    // Of equal bytes the one that is current, then the youngest.
    private Item[] ByHash(string text) => text.Length < FewestDigits || !text.All(char.IsAsciiHexDigit) ? [] :
        [.. workspace.Index.Giving(text)
            .SelectMany(record => Items(record, workspace.IsLast(record.Stage, record.Fingerprint)))
            .Where(item => Begins(item.Artifact.Hash.Hex, text))
            .OrderByDescending(item => item.IsCurrent).ThenByDescending(item => item.Record.FinishedAt)
            .DistinctBy(item => item.Artifact.Hash)];

    private Item Before(Item item, int back)
    {
        if (back == 0)
            return item;
        var others = workspace.Index.OfStage(item.Stage).Where(record => record.Stage == item.Unit)
            .OrderByDescending(record => record.FinishedAt)
            .SelectMany(record => Items(record, isCurrent: false)).Where(other => other.Output == item.Output)
            .ToArray();
        var earlier = others.Where(other => other.Record.FinishedAt < item.Record.FinishedAt).ToArray();
        // One that was put back may be older than what came after it.
        var later = others.Count(other => other.Record.FinishedAt > item.Record.FinishedAt);
        return back <= earlier.Length ? earlier[back - 1] : throw new PipelineException(
            $"There is no '{item.Name}~{back}': of {item.Name} the store has " +
            (earlier.Length == 0 ? "no earlier result"
                : $"{Wording.Count(earlier.Length, "earlier result")}, '{item.Name}~{earlier.Length}' is the oldest") +
            (later > 0 ? $", and {Wording.Count(later, "result")} made after it, to be named by hash" : "") +
            $". ./build.sh Artifacts --of-stage {item.Stage} lists them.");
    }

    private IEnumerable<Item> LastOf(string unit) =>
        workspace.Last(unit) is { } record ? Items(record, isCurrent: true) : [];

    private static IEnumerable<Item> Items(ActionRecord record, bool isCurrent) => record.Outputs.Select(output =>
        new Item(record.Stage, output.Name, output.Artifact, record, isCurrent));

    private static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
}
