using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;
using MLBuild.Registry;
using MLBuild.Stages.Predictions;

namespace MLBuild.Stages.Rollouts;

/// <summary>What both versions of a rollout predicted during one of its steps, of each key the first score, up to
/// <see cref="TrafficCounts.MostKeys"/> of each version.</summary>
internal sealed class StepScores(ActiveRollout rollout, DateTimeOffset championSince)
{
    private readonly Dictionary<RowKey, float[]> _champion = [];
    private readonly Dictionary<RowKey, float[]> _candidate = [];

    public int Position => rollout.Last.Position;

    public IReadOnlyDictionary<RowKey, float[]> Champion => _champion;

    public IReadOnlyDictionary<RowKey, float[]> Candidate => _candidate;

    /// <summary>Since when rows are wanted.</summary>
    public DateTimeOffset Since => championSince;

    /// <summary>The scores of a step that began later. What the champion predicted is kept where it counts still, as
    /// its files are not read again.</summary>
    public StepScores Next(ActiveRollout later, DateTimeOffset since)
    {
        var next = new StepScores(later, since);
        if (later.Id == rollout.Id && since == championSince)
        {
            foreach (var (key, scores) in _champion)
                next._champion.Add(key, scores);
        }
        return next;
    }

    /// <summary>Adds a row if it is one of the step.</summary>
    /// <param name="scores">Of the row; asked for where it is.</param>
    public void Add(ServedRow row, Func<float[]> scores)
    {
        var (of, since) = row.Version == rollout.Candidate ? (_candidate, rollout.Last.RecordedUtc)
            : row.Version == rollout.Started.Champion ? (_champion, championSince)
            : (null, default);
        if (of is not null && of.Count < TrafficCounts.MostKeys && row.TimeUtc >= AsLogged(since)
            && RowKey.TryParse(row.Key, out var key) && !of.ContainsKey(key))
            of.Add(key, scores());
    }

    // A log has whole milliseconds: a row of the moment in which the step began shows an earlier time than that.
    private static DateTime AsLogged(DateTimeOffset time) =>
        time.UtcDateTime.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
