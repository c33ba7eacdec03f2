using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Ingest;

/// <summary>What rows with the same key mean.</summary>
/// <param name="Key">Names what the row is about.</param>
/// <param name="Cancel">True if two rows with one key undo each other, as a charge and its refund do: neither is
/// kept.</param>
/// <param name="Prefer">Of two rows with one key that do not cancel, the greater is kept; of equals, the first.</param>
public sealed record DuplicateRules<TRow>(Func<TRow, RowKey> Key, Func<TRow, TRow, bool> Cancel,
    Comparison<TRow> Prefer);
