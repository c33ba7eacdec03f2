namespace MLBuild.Learning.Contracts;

/// <summary>Counts the accepted rows whose value is in none of the allowed categories and keeps five such
/// values.</summary>
internal sealed class CategoryTally<TRow>(Expectation<TRow>.OfCategories expectation)
{
    private const int Examples = 5;

    private readonly SortedSet<string> _others = new(StringComparer.Ordinal);
    private long _rows;
    private long _otherRows;

    public Expectation<TRow>.OfCategories Expectation => expectation;

    public void Add(TRow row)
    {
        _rows++;
        if (!expectation.IsOther(row))
            return;
        _otherRows++;
        // The smallest five, not the first: the order of the rows does not matter.
        if (_others.Add(expectation.Column.Text(row)!) && _others.Count > Examples)
            _others.Remove(_others.Max!);
    }

    public ExpectationReport Complete()
    {
        double? measured = _rows > 0 ? _otherRows : null;
        return new(
            Statistic.OtherCategories, expectation.Column.Name, null, measured, false, new(null, 0),
            expectation.Allowed, [.. _others], expectation.Severity, expectation.Severity.Verdict(measured == 0));
    }
}
