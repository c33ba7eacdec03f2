using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Validate;

/// <summary>Everything that validation measured, also when nothing failed.</summary>
/// <param name="QuarantinedShare">Unreadable lines among all lines, 0..1.</param>
/// <param name="AcrossFiles">Rows left out for one of another file.</param>
public sealed record ValidateReport(
    IReadOnlyList<IngestReport> Files, double QuarantinedShare, DuplicateCounts AcrossFiles, ContractReport Contract);
