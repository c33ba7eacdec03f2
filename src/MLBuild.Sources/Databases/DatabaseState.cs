using System.Globalization;

namespace MLBuild.Sources.Databases;

/// <summary>Values of the high-water column. Null is no bound.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="UpTo">Inclusive.</param>
internal sealed record MarkRange(string? From, string? UpTo)
{
    public static MarkRange All { get; } = new(null, null);
}

/// <summary>What can be said of some rows without reading them: promised when a stage is planned, demanded of the
/// snapshot that it reads.</summary>
/// <param name="Columns">Names and types.</param>
/// <param name="Identity">The highest mark or a checksum; null of no rows.</param>
internal sealed record DatabaseState(
    IReadOnlyList<string> Columns, long Rows, StateKind Kind, string? Identity)
{
    public static DatabaseState Of(DatabaseSlice slice) =>
        new(slice.Columns, slice.Rows, StateKind.Mark, slice.HighestMark);

    /// <summary>Without the columns.</summary>
    public string Content => string.Create(CultureInfo.InvariantCulture, $"{Rows} rows")
        + (Identity is null ? "" : $", {Words(Kind)}{Identity}");

    public string ColumnList => string.Join(", ", Columns);

    /// <summary>The highest mark in the text of a state.</summary>
    public static string? MarkIn(string text) =>
        text.LastIndexOf(Words(StateKind.Mark), StringComparison.Ordinal) is >= 0 and var at
            ? text[(at + Words(StateKind.Mark).Length)..]
            : null;

    /// <summary><c>id bigint not null, fare numeric(10,2): 2 rows, highest mark 7</c>. A mark is last, where
    /// <see cref="MarkIn"/> finds it.</summary>
    public override string ToString() => $"{ColumnList}: {Content}";

    private static string Words(StateKind kind) => kind switch
    {
        StateKind.Mark => "highest mark ",
        StateKind.Checksum => "checksum ",
        _ => throw new InvalidOperationException($"BUG: unknown state {kind}."),
    };
}

/// <summary>What tells one state from another.</summary>
internal enum StateKind
{
    Mark,
    Checksum,
}
