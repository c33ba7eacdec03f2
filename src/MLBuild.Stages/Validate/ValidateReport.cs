using MLBuild.Learning.Contracts;
using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Validate;

/// <summary>Everything that validation measured, also when nothing failed.</summary>
/// <param name="QuarantinedShare">Unreadable lines among all lines, 0..1.</param>
public sealed record ValidateReport(IReadOnlyList<IngestReport> Files, double QuarantinedShare,
    ContractReport Contract);
