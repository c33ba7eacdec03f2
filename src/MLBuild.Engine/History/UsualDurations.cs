using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.History;

/// <summary>How long work takes, by how long it took.</summary>
public sealed class UsualDurations(Workspace workspace)
{
    // Enough for a guess, and few enough to read while somebody waits.
    private const int MostSiblings = 8;

    /// <summary>What the unit's last work took; of a partition that never ran, what others of its stage took on
    /// average; null if there are none.</summary>
    public TimeSpan? Of(StageUnit unit)
    {
        if (workspace.Last(unit.Name) is { } last)
            return last.Duration;
        if (unit.Partition is null)
            return null;
        var siblings = workspace.LastUnits(unit.Stage.Name).Take(MostSiblings)
            .Select(name => workspace.Last(name)?.Duration).OfType<TimeSpan>().ToArray();
        return siblings.Length == 0 ? null : new(siblings.Sum(time => time.Ticks) / siblings.Length);
    }
}
