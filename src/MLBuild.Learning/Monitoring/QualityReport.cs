using MLBuild.Learning.Contracts;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Monitoring;

/// <summary>A rule of the contract in a part of the rows.</summary>
/// <param name="Rows">That break it.</param>
public sealed record RuleCount(string Rule, long Rows, double Tolerance, Severity Severity);

/// <summary>What of a part of the current rows breaks the contract; those of several parts add up.</summary>
/// <param name="RowsSeen">Accepted or set aside.</param>
/// <param name="Lines">Of the files, those that cannot be read included.</param>
/// <param name="Quarantined">Lines that cannot be read.</param>
/// <param name="Broken">What else is broken, in words: columns, expectations.</param>
public sealed record QualityTally(
    long RowsSeen, long Lines, long Quarantined, IReadOnlyList<RuleCount> Rules, IReadOnlyList<string> Broken)
{
    // Fewer rows have a mean, or a share without a value, that is mostly chance.
    private const long LeastRows = 100;

    /// <summary>What the check of a part of the rows found. How many rows there must be is said of data to learn from,
    /// and not of a window; what all rows satisfy together is asked of a hundred or more.</summary>
    /// <param name="lines">Of the file, or 0 where another part of it has them.</param>
    public static QualityTally Of(ContractReport report, long lines, long quarantined)
    {
        var others = report with
        {
            Rules = [],
            History = [],
            Expectations =
            [
                .. report.Expectations.Where(one =>
                    one.Statistic != Statistic.Rows && report.RowsAccepted >= LeastRows),
            ],
        };
        return new(
            report.RowsSeen, lines, quarantined,
            [.. report.Rules.Select(rule => new RuleCount(rule.Rule, rule.Rows, rule.Tolerance, rule.Severity))],
            [
                .. ContractReportText.Checks(others).Where(check => check.Verdict == CheckVerdict.Failed)
                    .Select(check => $"{check.Name}: {string.Join("; ", check.Details.DefaultIfEmpty(check.Finding))}"),
            ]);
    }

    public QualityTally Plus(QualityTally other) => new(
        RowsSeen + other.RowsSeen, Lines + other.Lines, Quarantined + other.Quarantined,
        [.. Rules.Concat(other.Rules).GroupBy(rule => rule.Rule, StringComparer.Ordinal)
            .Select(same => same.First() with { Rows = same.Sum(rule => rule.Rows) })],
        [.. Broken, .. other.Broken]);
}

/// <summary>A rule of the contract over one window.</summary>
/// <param name="Share">Of the rows seen, 0..1; 0 of none.</param>
/// <param name="TrainingShare">The same among the rows that the model learned from before some were set aside; null
/// where the rule is newer.</param>
public sealed record RuleShare(
    string Rule, long Rows, double Share, double? TrainingShare, double Tolerance, Severity Severity, bool IsBroken);

/// <summary>The rows of a window against the contract.</summary>
/// <param name="Faults">Why the data is bad, in words; none where it is good.</param>
public sealed record QualityReport(
    long RowsSeen, double QuarantinedShare, IReadOnlyList<RuleShare> Rules, IReadOnlyList<string> Faults)
{
    // Of some twenty rules one is found broken by chance in about one window of a hundred.
    private const double Confidence = 0.999;

    public bool IsBad => Faults.Count > 0;

    /// <param name="training">Of each rule the share of training rows that break it.</param>
    /// <param name="maxQuarantined">The part of all lines that may be unreadable.</param>
    public static QualityReport Of(
        QualityTally window, IReadOnlyDictionary<string, double> training, double maxQuarantined)
    {
        RuleShare[] rules =
        [
            .. window.Rules.Select(rule => new RuleShare(
                rule.Rule, rule.Rows, Share(rule.Rows, window.RowsSeen),
                training.TryGetValue(rule.Rule, out var share) ? share : null, rule.Tolerance, rule.Severity,
                Exceeds(rule.Rows, window.RowsSeen, rule.Tolerance))),
        ];
        return new(window.RowsSeen, Share(window.Quarantined, window.Lines), rules,
        [
            .. Exceeds(window.Quarantined, window.Lines, maxQuarantined)
                ? [FormattableString.Invariant(
                    $"{window.Quarantined:N0} of {window.Lines:N0} lines cannot be read, the limit is ")
                    + Figures.Percent(maxQuarantined)]
                : (string[])[],
            .. rules.Where(rule => rule.IsBroken && rule.Severity == Severity.Fail).Select(rule =>
                $"{rule.Rule}: {Figures.Count(rule.Rows, "row")}, {Figures.Percent(rule.Share)}"
                + (rule.TrainingShare is { } before ? $", in training {Figures.Percent(before)}" : "")
                + $", the limit is {Figures.Percent(rule.Tolerance)}"),
            .. window.Broken,
        ]);
    }

    // A tolerance is about a whole data set: a small window may have more by chance.
    private static bool Exceeds(long rows, long all, double tolerance) =>
        rows > 0 && (tolerance == 0 || WilsonInterval.Of(rows, all, Confidence).Low > tolerance);

    private static double Share(long rows, long all) => all == 0 ? 0 : (double)rows / all;
}
