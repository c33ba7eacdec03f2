using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.History;

/// <summary>What the last work of a stage said, whether it succeeded, failed or was killed.</summary>
public sealed class StageLogs(Workspace workspace)
{
    private const int MostNamed = 8;

    /// <summary>How work ended.</summary>
    public enum Outcome
    {
        Worked,

        Failed,

        /// <summary>Its build died before it could say anything of it.</summary>
        Killed,
    }

    /// <summary>The last work of a unit.</summary>
    /// <param name="EndedUtc">Of work that was killed, when it last said something.</param>
    /// <param name="Failure">What failed work left, its log among it, relative to the project; null if it
    /// succeeded, or was killed.</param>
    /// <param name="Recipe">Of work that succeeded.</param>
    public sealed record Work(
        string Unit, Outcome Outcome, DateTimeOffset EndedUtc, double? DurationSeconds, string? Recipe,
        string? Failure)
    {
        internal string? LogPath { get; init; }
    }

    /// <summary>As data for programs.</summary>
    /// <param name="Lines">What it said; none if it said nothing.</param>
    public sealed record Data(Work Work, IReadOnlyList<string> Others, IReadOnlyList<string> Lines);

    /// <param name="partition">Null for the unit that worked last.</param>
    /// <exception cref="PipelineException">The stage never worked, or has no such partition.</exception>
    public Answer Of(Stage stage, string? partition, Page page)
    {
        var works = Last(stage).OrderByDescending(work => work.EndedUtc)
            .ThenBy(work => work.Unit, StringComparer.Ordinal).ToArray();
        if (works.Length == 0)
            throw new PipelineException(
                $"{stage.Name} never worked, so it said nothing. ./build.sh {stage.Name} runs it.");
        var work = partition is null ? works[0] : Named(stage, partition, works);
        string[] others = [.. works.Where(other => other != work).Select(other => PartitionOf(other.Unit))];
        return new($"{work.Unit}: its last work and what it said are", new Data(work, others, [.. LinesOf(work)]),
            () => Lines(work, others, page));
    }

    private static Work Named(Stage stage, string partition, Work[] works)
    {
        if (!stage.IsPartitioned && works.All(work => !work.Unit.Contains('/')))
            throw new PipelineException(
                $"{stage.Name} has no partitions. Name the stage alone: --of-stage {stage.Name}.");
        var partitions = works.Select(work => PartitionOf(work.Unit)).Order(StringComparer.Ordinal).ToArray();
        return works.FirstOrDefault(work =>
                PartitionOf(work.Unit).Equals(partition, StringComparison.OrdinalIgnoreCase))
            ?? throw new PipelineException($"{stage.Name} never worked on a partition '{partition}'. It did on: " +
                $"{Some(partitions)}.{Suggestion.For(partition, partitions)}");
    }

    private IEnumerable<string> Lines(Work work, string[] others, Page page)
    {
        var took = work.DurationSeconds is { } seconds
            ? $" in {Wording.Duration(TimeSpan.FromSeconds(seconds))}" : "";
        var how = work.Outcome switch
        {
            Outcome.Worked => "worked",
            Outcome.Failed => "failed",
            Outcome.Killed => "was killed; it last said something",
            _ => throw new InvalidOperationException($"BUG: unknown outcome {work.Outcome}."),
        };
        foreach (var line in page.Wrap(string.Create(CultureInfo.InvariantCulture,
            $"{work.Unit} {how} {work.EndedUtc:yyyy-MM-dd HH:mm} UTC{took}" +
            $"{(work.Recipe is { } recipe ? $", recipe {recipe[..8]}" : "")}")))
            yield return line;
        if (work.Failure is { } left)
            foreach (var line in page.Wrap($"what it had written: {left}"))
                yield return line;
        if (others.Length > 0)
            foreach (var line in page.Wrap(
                $"others: {Some(others)}; --of-stage {work.Unit.Split('/')[0]}/{others[0]} shows one"))
                yield return line;
        yield return "";
        var isSilent = true;
        // As it is: a line of a log may be long, and one may want to search for it.
        foreach (var line in LinesOf(work))
        {
            isSilent = false;
            yield return line;
        }
        if (isSilent)
            yield return "It said nothing.";
    }

    private static IEnumerable<string> LinesOf(Work work) =>
        work.LogPath is { } path && File.Exists(path) ? File.ReadLines(path) : [];

    // The last work of each unit. A stage that succeeded since leaves what it had written when it failed.
    private IEnumerable<Work> Last(Stage stage)
    {
        var name = stage.Name.ToString();
        var unwell = UnitLogs.Of(name, Path.Combine(workspace.StoreFolder, "failed"))
            .Select(log => Left(log, Outcome.Failed))
            // What the next build keeps of killed work, and before that where it was written.
            .Concat(WorkFolder.Dead(workspace).Prepend(workspace.KilledFolder)
                .SelectMany(folder => UnitLogs.Of(name, folder)).Select(log => Left(log, Outcome.Killed)));
        return workspace.LastUnits(stage.Name).Select(Succeeded).OfType<Work>().Concat(unwell)
            .GroupBy(work => work.Unit).Select(works => works.MaxBy(work => work.EndedUtc)!);
    }

    private Work? Succeeded(string unit) => workspace.Last(unit) is not { } record ? null
        : new(unit, Outcome.Worked, record.FinishedAt, record.Duration.TotalSeconds, record.Fingerprint.Hex, null)
        {
            LogPath = workspace.LogPath(record.Fingerprint),
        };

    private Work Left((string Unit, string Path) log, Outcome outcome) => new(
        log.Unit, outcome, File.GetLastWriteTimeUtc(log.Path), null, null, outcome == Outcome.Killed ? null
            : Path.Combine(Relative(Path.GetDirectoryName(log.Path)!), "out").Replace('\\', '/'))
    {
        LogPath = log.Path,
    };

    private string Relative(string path) => path.StartsWith(workspace.RootFolder, StringComparison.Ordinal)
        ? Path.GetRelativePath(workspace.RootFolder, path) : path;

    private static string PartitionOf(string unit) => unit.Split('/', 2) is [_, var partition] ? partition : "";

    private static string Some(string[] names) => string.Join(", ", names.Take(MostNamed)) +
        (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");
}
