using System.Text.Json.Serialization;

namespace MLBuild.Stages.Ingest;

/// <summary>What became of the rows of one file.</summary>
/// <param name="Columns">The header, in the file's order.</param>
/// <param name="RowsRead">Lines behind the header: kept + quarantined + duplicates + 2 × refund pairs.</param>
/// <param name="Quarantined">Rows that could not be read; <c>quarantine.csv</c> says which and why.</param>
/// <param name="Duplicates">Rows left out for another with the same key.</param>
/// <param name="RefundPairs">Pairs of rows that undo each other; both are left out.</param>
public sealed record IngestReport(
    string File, IReadOnlyList<string> Columns, long RowsRead, long RowsKept, long Quarantined, long Duplicates,
    long RefundPairs)
{
    /// <summary>The first row that could not be read, in words; none where all could.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstFault { get; init; }
}
