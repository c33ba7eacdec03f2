using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Counts the rows that break one rule and keeps the first three.</summary>
internal sealed class RuleTally<TRow>(RowRule<TRow> rule)
    where TRow : class, new()
{
    private const int Examples = 3;

    private readonly SortedList<RowSource, RowExample> _examples = [];
    private long _rows;

    public RowRule<TRow> Rule => rule;

    public RowOutcome.SetAside SetAside { get; } = new(rule.Name);

    /// <exception cref="InvalidOperationException">The rule threw.</exception>
    public bool IsBrokenBy(TRow row, RowSource source)
    {
        try
        {
            if (!rule.Breaks(row, source))
                return false;
        }
        catch (Exception fault)
        {
            throw Blamed(source, fault);
        }
        Count(row, source);
        return true;
    }

    /// <summary>What is said of a rule that threw.</summary>
    public InvalidOperationException Blamed(RowSource source, Exception fault) => new(
        $"{source}: rule '{rule.Name}' of the contract of {typeof(TRow).Name} threw {fault.GetType().Name}: "
        + $"{fault.Message} A rule must answer for every row; mend it, for example for columns without a value.",
        fault);

    /// <summary>Counts a row that breaks the rule.</summary>
    public void Count(RowBatch<TRow> batch, int index)
    {
        var source = batch.Source(index);
        if (IsExample(source))
            Count(batch.Row(index), source);
        else
            _rows++;
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

    private void Count(TRow row, RowSource source)
    {
        _rows++;
        if (!IsExample(source))
            return;
        _examples[source] = new(source.File, source.Line, rule.Values(row));
        if (_examples.Count > Examples)
            _examples.RemoveAt(Examples);
    }

    // First by file and line, not by time: the same rows in another order give the same report.
    private bool IsExample(RowSource source) =>
        _examples.Count < Examples || source.CompareTo(_examples.Keys[^1]) <= 0;
}
