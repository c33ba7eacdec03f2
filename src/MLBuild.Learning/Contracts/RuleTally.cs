using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Counts the rows that break one rule and keeps the first three.</summary>
internal sealed class RuleTally<TRow>(RowRule<TRow> rule)
    where TRow : class, new()
{
    private const int Examples = 3;

    private readonly SortedList<RowSource, RowExample> _examples = [];
    private long _rows;

    public RowOutcome.SetAside SetAside { get; } = new(rule.Name);

    public bool IsBrokenBy(TRow row, RowSource source)
    {
        try
        {
            if (!rule.Breaks(row, source))
                return false;
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException(
                $"{source}: rule '{rule.Name}' of the contract of {typeof(TRow).Name} threw {fault.GetType().Name}: "
                + $"{fault.Message} A rule must answer for every row; mend it, "
                + "for example for columns without a value.",
                fault);
        }
        _rows++;
        Keep(row, source);
        return true;
    }

    public RuleReport Complete(long rowsSeen)
    {
        // Dividing rounds once, so 1 of 1,000 is the very number that the source code 0.001 is.
        double? share = rowsSeen > 0 ? (double)_rows / rowsSeen : null;
        return new(
            rule.Name, _rows, share, rule.Tolerance, rule.Severity,
            rule.Severity.Verdict(holds: share <= rule.Tolerance),
            [.. _examples.Values]);
    }

    // First by file and line, not by time: the same rows in another order give the same report.
    private void Keep(TRow row, RowSource source)
    {
        if (_examples.Count == Examples && source.CompareTo(_examples.Keys[^1]) > 0)
            return;
        var values = rule.Shows(row).Select(column => new ShownValue(column.Name, column.Text(row)));
        _examples[source] = new(source.File, source.Line, [.. values]);
        if (_examples.Count > Examples)
            _examples.RemoveAt(Examples);
    }
}
