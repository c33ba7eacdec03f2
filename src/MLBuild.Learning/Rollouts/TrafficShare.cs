using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;

namespace MLBuild.Learning.Rollouts;

/// <summary>Which requests a candidate gets: a part of them, by the hash of their key. A key that has been with the
/// candidate stays there while the part grows, on every server alike.</summary>
public static class TrafficShare
{
    /// <param name="key">Of the request.</param>
    /// <param name="rollout">The position of the rollout in its environment's log: another one gives other keys to the
    /// candidate, so that nobody gets every experiment.</param>
    /// <param name="percent">0 gives it none, 100 all.</param>
    public static bool IsCandidates(RowKey key, int rollout, int percent) =>
        KeyHash.Of(key, rollout, "traffic"u8) * 100 < percent;
}
