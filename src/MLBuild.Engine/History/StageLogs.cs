using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.History;

/// <summary>What the last work of a stage said, whether it succeeded or failed.</summary>
public sealed class StageLogs(Workspace workspace)
{
    private const int MostNamed = 8;
    private const string FailedLog = "log.txt";

    /// <summary>The last work of a unit.</summary>
    /// <param name="Failure">What failed work left, its log among it, relative to the project; null if it
    /// succeeded.</param>
    /// <param name="Recipe">Of work that succeeded.</param>
    public sealed record Work(
        string Unit, DateTimeOffset EndedUtc, double? DurationSeconds, string? Recipe, string? Failure)
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
        var works = Units(stage).Select(LastOf).OfType<Work>().OrderByDescending(work => work.EndedUtc)
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
        var how = work.Failure is null ? "worked" : "failed";
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

    private IEnumerable<string> Units(Stage stage)
    {
        var failed = Path.Combine(workspace.StoreFolder, "failed", stage.Name.ToString());
        IEnumerable<string> left = !Directory.Exists(failed) ? []
            : [stage.Name.ToString(), .. Directory.EnumerateFiles(failed, FailedLog, SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(failed, Path.GetDirectoryName(path)!).Replace('\\', '/'))
                .Where(partition => partition != "." && !partition.Split('/').Any(part => part is "in" or "out"))
                .Select(partition => $"{stage.Name}/{partition}")];
        return workspace.LastUnits(stage.Name).Union(left);
    }

    // A stage that succeeded since leaves what it had written when it failed.
    private Work? LastOf(string unit)
    {
        var record = workspace.Last(unit);
        var folder = Path.Combine(workspace.StoreFolder, "failed", unit);
        var log = new FileInfo(Path.Combine(folder, FailedLog));
        if (log.Exists && !(record?.FinishedAt >= new DateTimeOffset(log.LastWriteTimeUtc, TimeSpan.Zero)))
            return new(unit, log.LastWriteTimeUtc, null, null, Path.Combine(Relative(folder), "out").Replace('\\', '/'))
            {
                LogPath = log.FullName,
            };
        return record is null ? null : new(
            unit, record.FinishedAt, record.Duration.TotalSeconds, record.Fingerprint.Hex, null)
        {
            LogPath = workspace.LogPath(record.Fingerprint),
        };
    }

    private string Relative(string path) => path.StartsWith(workspace.RootFolder, StringComparison.Ordinal)
        ? Path.GetRelativePath(workspace.RootFolder, path) : path;

    private static string PartitionOf(string unit) => unit.Split('/', 2) is [_, var partition] ? partition : "";

    private static string Some(string[] names) => string.Join(", ", names.Take(MostNamed)) +
        (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");
}
