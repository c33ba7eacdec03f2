using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>The checks of one column, on their way into a contract. All limits are inclusive.</summary>
public sealed class ColumnContract<TRow, TValue>
    where TRow : class, new()
{
    private readonly Column<TRow, TValue> _column;

    internal ColumnContract(Contract<TRow> contract, Column<TRow, TValue> column)
    {
        Contract = contract;
        _column = column;
    }

    internal Contract<TRow> Contract { get; }

    /// <summary>A row rule: a row whose number is outside is set aside. A row without a value keeps it.</summary>
    /// <param name="tolerance">The largest share of all rows, 0..1, that may break the rule.</param>
    public ColumnContract<TRow, TValue> Range(double? min = null, double? max = null, double tolerance = 0) =>
        new(Contract.Range(Numeric("range"), Bounds("range", min, max), tolerance), _column);

    /// <summary>The share of rows without a value, 0..1.</summary>
    public ColumnContract<TRow, TValue> NullRatio(double? min = null, double? max = null) =>
        Expect(_column, Statistic.NullRatio, Bounds("null ratio", min, max));

    public ColumnContract<TRow, TValue> Mean(double? min = null, double? max = null) =>
        Expect(Numeric("mean"), Statistic.Mean, Bounds("mean", min, max));

    /// <summary>The sample standard deviation (n - 1).</summary>
    public ColumnContract<TRow, TValue> StandardDeviation(double? min = null, double? max = null) =>
        Expect(Numeric("standard deviation"), Statistic.StandardDeviation, Bounds("standard deviation", min, max));

    /// <summary>Where the smallest value must be.</summary>
    public ColumnContract<TRow, TValue> Minimum(double? min = null, double? max = null) =>
        Expect(Numeric("minimum"), Statistic.Minimum, Bounds("minimum", min, max));

    /// <summary>Where the largest value must be.</summary>
    public ColumnContract<TRow, TValue> Maximum(double? min = null, double? max = null) =>
        Expect(Numeric("maximum"), Statistic.Maximum, Bounds("maximum", min, max));

    /// <summary>How many different values there are, nulls not counted.</summary>
    public ColumnContract<TRow, TValue> Cardinality(int? min = null, int? max = null) =>
        Expect(_column, Statistic.Cardinality, Bounds("cardinality", min, max));

    /// <summary>The values that may occur. No row is set aside: one with another value breaks the
    /// expectation.</summary>
    public ColumnContract<TRow, TValue> Categories(params TValue[] allowed)
    {
        var values = allowed.ToHashSet();
        var names = allowed.Select(value => Column<TRow, TValue>.Text(value) ?? "").ToArray();
        return values.Count > 0
            ? new(
                Contract.Expect(severity => new Expectation<TRow>.OfCategories(
                    new AllowedValues<TRow, TValue>(_column, values), names, severity)),
                _column)
            : throw new ArgumentException(
                $"{Subject("categories")} has an empty list, which no value is in. Name the values.");
    }

    /// <summary>Where the value must be that a share of all values does not exceed: 0.5 for the median.</summary>
    public ColumnContract<TRow, TValue> Quantile(double share, double? min = null, double? max = null) => new(
        Contract.Expect(severity => new Expectation<TRow>.OfColumn(
            Numeric("quantile"), Statistic.Quantile, Bounds("quantile", min, max), severity, Share(share))),
        _column);

    /// <summary>The usual statistics must stay as they were in the accepted files before:
    /// <see cref="Contract{TRow}.SteadyAgainstHistory"/> for this column.</summary>
    public ColumnContract<TRow, TValue> Steady() => HistoryCheck.Usual(_column).Aggregate(
        this, (column, check) => column.Steady(check.Statistic, check.Share));

    /// <summary>These statistics must stay as they were in the accepted files before.</summary>
    public ColumnContract<TRow, TValue> Steady(params ReadOnlySpan<Statistic> statistics)
    {
        var steady = this;
        foreach (var statistic in statistics)
        {
            steady = statistic switch
            {
                Statistic.Mean or Statistic.StandardDeviation or Statistic.Minimum or Statistic.Maximum
                    when Numeric("steadiness") is not null => steady.Steady(statistic, null),
                Statistic.NullRatio or Statistic.Cardinality or Statistic.NewCategories
                    or Statistic.VanishedCategories => steady.Steady(statistic, null),
                _ => throw new ArgumentException(
                    $"{Subject("steadiness")} cannot be of {statistic}. Use SteadyRows or SteadyQuantiles."),
            };
        }
        return steady;
    }

    /// <summary>These quantiles must stay as they were in the accepted files before.</summary>
    public ColumnContract<TRow, TValue> SteadyQuantiles(params ReadOnlySpan<double> shares)
    {
        Numeric("steadiness");
        var steady = this;
        foreach (var share in shares)
            steady = steady.Steady(Statistic.Quantile, Share(share));
        return steady;
    }

    private ColumnContract<TRow, TValue> Steady(Statistic statistic, double? share) =>
        new(Contract.Steady(_column.Name, statistic, share), _column);

    private double Share(double share) => share is > 0 and < 1
        ? share
        : throw new ArgumentException(
            $"{Subject("quantile")} is of a share of {Figures.Number(share)}. Give one above 0 and below 1.");

    private ColumnContract<TRow, TValue> Expect(Column<TRow> column, Statistic statistic, Bounds bounds) =>
        new(Contract.Expect(severity => new Expectation<TRow>.OfColumn(column, statistic, bounds, severity)), _column);

    private Column<TRow> Numeric(string check) => _column.IsNumeric
        ? _column
        : throw new ArgumentException($"{Subject(check)} needs a numeric column; '{_column.Name}' is {_column.Type}.");

    private Bounds Bounds(string check, double? min, double? max) => Contracts.Bounds.Of(Subject(check), min, max);

    private string Subject(string check) => $"{Contract<TRow>.Name}: {check} of '{_column.Name}'";
}
