using MLBuild.Engine.Running;

namespace MLBuild.Engine.Inspection;

/// <summary>What a plan to prune says to a person.</summary>
public static class PruneText
{
    /// <param name="maxSizeBytes">What the store's artifacts may take; null for no limit.</param>
    public static IEnumerable<string> Of(
        PrunePlan plan, IReadOnlyList<string> leftovers, Workspace workspace, long? maxSizeBytes)
    {
        var now = workspace.Clock.GetUtcNow();
        foreach (var result in plan.Results)
            yield return $"{result.Record.Stage} {result.Record.Fingerprint.Short}: " +
                $"{string.Join(", ", result.Record.Outputs.Select(output => output.Name))}; used " +
                $"{Wording.Age(now - result.UsedAt)}, frees {Wording.Size(result.FreedBytes)}, took " +
                $"{Wording.Duration(result.Record.Duration)} to make";
        if (plan.Unheld.Count > 0)
            yield return $"{Wording.Count(plan.Unheld.Count, "stored file")} that no result needs: " +
                $"{Wording.Size(plan.UnheldBytes)}";
        foreach (var path in leftovers)
            yield return $"leftover {Path.GetRelativePath(workspace.StoreFolder, path).Replace('\\', '/')}";
        foreach (var pin in workspace.Pins.All())
            yield return $"stays: {pin.Name}, recipe {pin.Fingerprint.Short}, pinned ({pin.Reason})";
        yield return $"{Wording.Count(plan.Results.Count, "result")} would go; the store's artifacts would take " +
            $"{Wording.Size(plan.RemainingBytes)} instead of {Wording.Size(plan.TotalBytes)}";
        if (plan.RemainingBytes > maxSizeBytes)
            yield return $"That is more than {Wording.Size(maxSizeBytes.Value)}: the rest is current, pinned, " +
                $"registered, or may belong to a build that runs.";
    }
}
