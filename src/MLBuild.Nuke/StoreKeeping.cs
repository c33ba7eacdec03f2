using MLBuild.Engine.Inspection;
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
}
