using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Counts the accepted rows whose value is in none of the allowed categories and keeps five such
/// values.</summary>
internal sealed class CategoryTally<TRow>(Expectation<TRow>.OfCategories expectation)
    where TRow : class, new()
{
    private const int Examples = 5;

    private readonly SortedSet<string> _others = new(StringComparer.Ordinal);
    private long _rows;
    private long _otherRows;

    public Expectation<TRow>.OfCategories Expectation => expectation;

    public void Add(TRow row)
    {
        _rows++;
        if (expectation.Allowed.IsOther(row))
            AddOther(row);
    }

    /// <param name="batch">Accepted rows.</param>
    /// <param name="others">Room for one mark for each row, all clear; clear again after.</param>
    public void Add(RowBatch<TRow> batch, Span<bool> others)
    {
        _rows += batch.Count;
        expectation.Allowed.MarkOthers(batch, others);
        for (int next; (next = others.IndexOf(true)) >= 0; others[next] = false)
            AddOther(batch.Row(next));
    }

    public ExpectationReport Complete()
    {
        double? measured = _rows > 0 ? _otherRows : null;
        return new(
            Statistic.OtherCategories, expectation.Allowed.Column.Name, null, null, measured, false, new(null, 0),
            expectation.Names, [.. _others], expectation.Severity, expectation.Severity.Verdict(measured == 0));
    }

    private void AddOther(TRow row)
    {
        _otherRows++;
        // The smallest five, not the first: the order of the rows does not matter.
        if (_others.Add(expectation.Allowed.Column.Text(row)!) && _others.Count > Examples)
            _others.Remove(_others.Max!);
    }
}
