namespace MLBuild.Engine;

/// <summary>The pipeline as it is declared is to blame: its author mends it in the build project. All faults found are
/// in one message.</summary>
public sealed class PipelineException(string message) : Exception(message)
{
    internal static PipelineException Of(IReadOnlyList<string> faults) => new(faults.Count == 1
        ? faults[0]
        : $"The pipeline has {faults.Count} faults:{string.Concat(faults.Select(fault => $"\n  - {fault}"))}");
}
