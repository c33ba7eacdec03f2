using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>What one file has in each window.</summary>
/// <param name="Version">The version that serves, by whose profiles rows were counted; 0 where none does.</param>
public sealed record FileTallies(
    int Version, WindowRule Rule, LabelSource Labels, IReadOnlyList<WindowTally> Windows);
