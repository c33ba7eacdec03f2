using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>What one file, or a whole prediction log, has in each window.</summary>
/// <param name="Version">The version that serves, by whose profiles rows were counted; 0 where none does.</param>
/// <param name="Remarks">What is to be known of rows that were not counted, in words.</param>
public sealed record FileTallies(
    int Version, WindowRule Rule, LabelSource Labels, IReadOnlyList<WindowTally> Windows,
    IReadOnlyList<string> Remarks);
