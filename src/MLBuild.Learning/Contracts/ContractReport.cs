using System.Text.Json.Serialization;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Everything that the check of a data set measured, broken or not. Serialises to JSON in the order declared
/// here; a number that cannot be had (the mean of nothing) is null.</summary>
public sealed record ContractReport(
    string RowType,
    long RowsSeen,
    long RowsAccepted,
    long RowsSetAside,
    HeaderReport Headers,
    IReadOnlyList<SchemaReport> Schema,
    IReadOnlyList<RuleReport> Rules,
    IReadOnlyList<ExpectationReport> Expectations,
    IReadOnlyList<HistoryReport> History,
    IReadOnlyList<ColumnStatistics> Columns,
    IReadOnlyList<FileReport> Files)
{
    /// <summary>True when no check failed; warnings pass, and so does what has too little history. That a row was
    /// accepted is always a check.</summary>
    public bool Passed => !Verdicts.Contains(CheckVerdict.Failed);

    internal IEnumerable<CheckVerdict> Verdicts =>
    [
        Headers.Verdict,
        // That a column is there is a check of the headers; that it has values is one only where it has not.
        .. Schema.Select(column => column.Verdict).Where(verdict => verdict != CheckVerdict.Passed),
        .. Rules.Select(rule => rule.Verdict),
        .. Expectations.Select(expectation => expectation.Verdict),
        .. History.Select(comparison => comparison.Verdict),
    ];

    /// <summary>The accepted files, for <see cref="ContractHistory.With"/>. Only of a report that passed: what is
    /// refused is no history.</summary>
    public IEnumerable<BatchRecord> AcceptedBatches() => Passed
        ? Files.Where(file => file.Faults.Count == 0).Select(file => file.Record())
        : [];
}

/// <param name="Content">Tells the bytes of the file; null where nobody said.</param>
/// <param name="Faults">The checks that fail for this file alone; one without any is compared with by later
/// ones.</param>
/// <param name="Columns">What is known of the accepted rows of this file.</param>
public sealed record FileReport(
    string File,
    string? Content,
    long RowsSeen,
    long RowsAccepted,
    IReadOnlyList<string> Faults,
    IReadOnlyList<ColumnStatistics> Columns)
{
    internal BatchRecord Record() => new(File, Content, RowsAccepted, Columns);
}

/// <summary>A statistic of one file against the accepted files before it.</summary>
/// <param name="Column">Null for the count of rows.</param>
/// <param name="Share">Of a quantile: which one.</param>
/// <param name="Measured">Null where there was nothing to measure.</param>
/// <param name="Expected">Open on both sides where there is not enough history.</param>
/// <param name="Values">Rows with a value in this file, on which the limits depend.</param>
/// <param name="Batches">Accepted files before it that it was compared with.</param>
/// <param name="Categories">Up to five new or vanished ones.</param>
public sealed record HistoryReport(
    string File,
    string? Column,
    Statistic Statistic,
    double? Share,
    double? Measured,
    Bounds Expected,
    long Values,
    int Batches,
    IReadOnlyList<string> Categories,
    Severity Severity,
    CheckVerdict Verdict);

/// <param name="Differences">The files whose columns are not those of the row type.</param>
public sealed record HeaderReport(Severity Severity, CheckVerdict Verdict, IReadOnlyList<HeaderDifference> Differences);

/// <param name="Extra">Columns that the row type does not have.</param>
/// <param name="Missing">Columns of the row type that the file does not have.</param>
/// <param name="Repeated">Columns that the file has more than once.</param>
public sealed record HeaderDifference(
    string File, IReadOnlyList<string> Extra, IReadOnlyList<string> Missing, IReadOnlyList<string> Repeated);

/// <summary>What a column is, and in how many files and rows it is not.</summary>
/// <param name="Nulls">Accepted rows without a value.</param>
public sealed record SchemaReport(
    string Column,
    [property: JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))] ColumnType Type,
    bool IsNullable,
    int FilesWithout,
    long Nulls,
    CheckVerdict Verdict);

/// <param name="Rows">Rows that break the rule. A row that breaks two rules counts in both.</param>
/// <param name="Share"><paramref name="Rows"/> in all rows seen; null when none was seen.</param>
/// <param name="Examples">The first three such rows by file and line.</param>
public sealed record RuleReport(
    string Rule,
    long Rows,
    double? Share,
    double Tolerance,
    Severity Severity,
    CheckVerdict Verdict,
    IReadOnlyList<RowExample> Examples);

/// <param name="First">Of a repeated key: the row that has it first.</param>
public sealed record RowExample(
    string File, long Line, IReadOnlyList<ShownValue> Values, RowSource? First = null);

/// <param name="Value">As <see cref="Column{TRow}.Text"/>; null where the row has no value.</param>
public sealed record ShownValue(string Column, string? Value);

/// <param name="Column">Null for a count of rows.</param>
/// <param name="Share">Of a quantile: which one.</param>
/// <param name="File">Null for the whole data set.</param>
/// <param name="Measured">Null where there was nothing to measure; that never satisfies an expectation.</param>
/// <param name="IsEstimate">True for more different values than are counted exactly. The verdict is certain all the
/// same: the exact count reaches beyond every limit.</param>
/// <param name="Allowed">The allowed categories, of <see cref="Statistic.OtherCategories"/> only.</param>
/// <param name="Others">Up to five values beside the allowed ones, sorted.</param>
public sealed record ExpectationReport(
    Statistic Statistic,
    string? Column,
    double? Share,
    string? File,
    double? Measured,
    bool IsEstimate,
    Bounds Expected,
    IReadOnlyList<string> Allowed,
    IReadOnlyList<string> Others,
    Severity Severity,
    CheckVerdict Verdict);
