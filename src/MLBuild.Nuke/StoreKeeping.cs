using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Nuke;

/// <summary>Writes what <see cref="IKeepStore"/> finds and does.</summary>
internal static class StoreKeeping
{
    /// <exception cref="StoreException">Something is not as it should be; all of it is named.</exception>
    public static void Verify(PipelineSession session, TextWriter to)
    {
        var clock = session.Workspace.Clock;
        var began = clock.GetTimestamp();
        var report = new StoreVerification(session.Workspace).Run(CancellationToken.None);
        to.WriteLine($"checked {report} in {Wording.Duration(clock.GetElapsedTime(began))}" +
            (report.Faults.Count == 0 ? ": all as they should be" : ""));
        if (report.Faults.Count > 0)
            throw new StoreException($"{Wording.Count(report.Faults.Count, "fault")} in the store and its copies:" +
                string.Concat(report.Faults.Select(fault => $"\n  - {fault}")));
    }

    /// <exception cref="StageFailedException">Something was not reproduced; all of it is named.</exception>
    public static void Reproduce(
        PipelineSession session, string stageName, bool deep, IReadOnlyList<IArtifactDifference> differences,
        TextWriter to)
    {
        using var console = session.NewConsole();
        var lines = new Reproduction(session.Pipeline, session.Workspace, session.Code, console, differences)
            .Run(session.Pipeline.Find(stageName), deep, CancellationToken.None).GetAwaiter().GetResult();
        foreach (var line in lines.Where(line => line.Differences.Count == 0))
            to.WriteLine(line);
        var failed = lines.Where(line => line.Differences.Count > 0).ToArray();
        if (failed.Length > 0)
            throw new StageFailedException(string.Join('\n', failed.Select(line => line.ToString())));
    }

    public static void Prune(
        PipelineSession session, IReadOnlySet<ContentHash> needed, string? olderThan, string? maxSize, bool apply,
        TextWriter to)
    {
        TimeSpan? age = olderThan is null ? null : Quantities.Age(olderThan, "--older-than");
        long? size = maxSize is null ? null : Quantities.Size(maxSize, "--max-size");
        var plan = new PrunePlan(session.Workspace, needed, age, size);
        var pruning = new StorePruning(session.Workspace);
        var leftovers = pruning.Leftovers(age);
        foreach (var line in PruneText.Of(plan, leftovers, session.Workspace, size))
            to.WriteLine(line);
        if (plan.Results.Count == 0 && plan.Unheld.Count == 0 && leftovers.Count == 0)
            return;
        if (!apply)
        {
            to.WriteLine("Nothing was removed. The same command with --apply-prune does.");
            return;
        }
        var removed = pruning.Apply(plan, needed, leftovers);
        to.WriteLine($"removed {Wording.Count(removed.Results, "result")}, " +
            $"{Wording.Count(removed.Files, "stored file")} ({Wording.Size(removed.Bytes)}) and " +
            $"{Wording.Count(removed.Leftovers, "leftover")}");
    }

    public static void Pin(PipelineSession session, string artifact, string because, TextWriter to)
    {
        var item = new ArtifactInventory(session.Workspace).Find(artifact);
        session.Workspace.Pins.Add(new(item.Record.Fingerprint, item.Name, because));
        to.WriteLine($"{item.Name} is pinned: the result of {item.Unit}, recipe {item.Record.Fingerprint.Short}, " +
            $"stays");
    }

    /// <exception cref="PipelineException">There is no such artifact, or several pins have this name.</exception>
    public static void Unpin(PipelineSession session, string artifact, TextWriter to)
    {
        var pins = session.Workspace.Pins;
        // First among the pins: the name may since be that of a newer result.
        var named = pins.All().Where(pin => IsMeant(pin, artifact)).ToArray();
        if (named.Length > 1)
            throw new PipelineException($"'{artifact}' is pinned {named.Length} times: recipes " +
                $"{string.Join(", ", named.Select(pin => $"{pin.Fingerprint.Short} ({pin.Reason})"))}. Give the " +
                $"digits of one.");
        var item = named.Length == 0 ? new ArtifactInventory(session.Workspace).Find(artifact) : null;
        var name = item?.Name ?? named[0].Name;
        to.WriteLine(pins.Remove(item?.Record.Fingerprint ?? named[0].Fingerprint)
            ? $"{name} is no longer pinned"
            : $"{name} was not pinned");
    }

    private static bool IsMeant(Pins.Pin pin, string artifact) =>
        pin.Name.Equals(artifact, StringComparison.OrdinalIgnoreCase)
        || (artifact.Length >= 4
            && pin.Fingerprint.Hex.StartsWith(artifact, StringComparison.OrdinalIgnoreCase));
}
