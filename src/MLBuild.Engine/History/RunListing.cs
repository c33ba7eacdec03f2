using MLBuild.Engine.Stages;

namespace MLBuild.Engine.History;

/// <summary>The last runs, newest first: what History lists, and as data for programs by these names.</summary>
/// <param name="Kept">How many runs the journal has.</param>
/// <param name="Stage">The stage that it is limited to; null for all.</param>
public sealed record RunListing(int Kept, string? Stage, IReadOnlyList<RunListing.Run> Runs)
{
    /// <param name="Commit">Null outside a git repository.</param>
    /// <param name="DurationSeconds">Null while it runs, and if it was killed.</param>
    public sealed record Run(
        string Id, DateTimeOffset BeganUtc, RunState State, double? DurationSeconds, double SavedSeconds,
        string Command, string Host, string? Commit, string? Failure, IReadOnlyList<Unit> Units);

    /// <param name="Count">More than 1 for partitions that are told together.</param>
    public sealed record Unit(
        string Name, UnitFate Fate, int Count, string Because, string? Recipe, double DurationSeconds,
        double SavedSeconds, string? Failure);

    /// <param name="stage">Limits it to the runs that had to do with it, and to its units; null for all.</param>
    /// <param name="last">How many runs to list, 1 or more.</param>
    /// <exception cref="PipelineException"><paramref name="last"/> is less than 1.</exception>
    public static RunListing Of(RunJournal journal, StageName? stage, int last)
    {
        if (last < 1)
            throw new PipelineException(FormattableString.Invariant($"--last is '{last}', expected 1 or more."));
        var runs = journal.Read()
            .Select(run => stage is null
                ? run : run with { Units = [.. run.Units.Where(unit => unit.Stage == stage.ToString())] })
            .Where(run => stage is null || run.Units.Count > 0)
            .Take(last)
            .Select(run => new Run(
                run.Id, run.Start.BeganAt, run.State, run.Duration?.TotalSeconds, run.Saved.TotalSeconds,
                run.Start.Command, run.Start.Host, run.Start.Commit, run.Failure,
                [
                    .. run.Units.Select(unit => new Unit(
                        unit.Name, unit.Fate, unit.Count, unit.Because, unit.Fingerprint?.Hex,
                        unit.Duration.TotalSeconds, unit.Saved.TotalSeconds, unit.Failure)),
                ]));
        return new(journal.Count, stage?.ToString(), [.. runs]);
    }
}
