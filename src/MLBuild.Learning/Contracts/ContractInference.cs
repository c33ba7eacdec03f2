using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>Proposes a contract from what was measured of data, for a person to read and to change. Every limit leaves
/// the room that the number of rows and files asks for: few rows prove little.</summary>
public static class ContractInference
{
    /// <summary>Up to so many different values, they are proposed as the only ones.</summary>
    private const int MostCategories = 20;

    /// <summary>So often a limit holds for more rows of the same kind.</summary>
    private const double Confidence = 0.999;

    /// <param name="report">Of data that is as it should be, checked against any contract of the row type.</param>
    /// <exception cref="ArgumentException">No row was accepted.</exception>
    public static ContractDocument Propose<TRow>(ContractReport report)
        where TRow : class, new()
    {
        if (report.RowsAccepted == 0)
            throw new ArgumentException($"Nothing can be proposed for {typeof(TRow).Name} from no accepted row.");
        var basis = Contract.For<TRow>();
        // What numbers rows says nothing else of them, and grows.
        var keys = report.Columns.Where(IsKey).ToArray();
        var columns = report.Columns.Where(column => !IsKey(column) && !IsLikelyKey(column)).ToArray();
        var isHistory = report.Files.Count >= new HistoryOptions().LeastBatches;
        return basis.ToDocument() with
        {
            Rules =
            [
                .. basis.ToDocument().Rules,
                .. columns.SelectMany(Range),
                .. keys.Select(column => new RuleEntry(
                    $"{column.Column} occurs more than once", RuleKind.Unique, [column.Column])),
            ],
            Expectations =
            [
                new(null, Statistic.Rows, true, Min: Below(report.Files.Min(file => file.RowsAccepted) / 2.0)),
                .. columns.SelectMany(column => Expectations(column, report.Files)),
            ],
            Steady = isHistory
                ?
                [
                    .. basis.SteadyAgainstHistory().ToDocument().Steady.Where(steady =>
                        steady.Column is null || columns.Any(column => column.Column == steady.Column)),
                ]
                : [],
        };
    }

    private static IEnumerable<RuleEntry> Range(ColumnStatistics column)
    {
        if (column is not { Minimum: { } min, Maximum: { } max } || IsCode(column) || column.Type == ColumnType.Boolean)
            yield break;
        // Half as far out again, but a column that is never negative stays so.
        var room = (max - min) / 2;
        var bounds = new Bounds(min >= 0 && min - room < 0 ? 0 : Below(min - room), Above(max + room));
        // None of these rows was outside; the share of others may be above zero all the same.
        yield return new(
            $"{column.Column} outside {bounds}", RuleKind.Range, [column.Column], bounds.Min, bounds.Max,
            Above(WilsonInterval.Of(0, column.Values, Confidence).High));
    }

    private static IEnumerable<ExpectationEntry> Expectations(ColumnStatistics column, IReadOnlyList<FileReport> files)
    {
        var parts = files
            .Select(file => file.Columns.FirstOrDefault(part => part.Column == column.Column))
            .OfType<ColumnStatistics>()
            .Where(part => part.Rows > 0)
            .ToArray();
        var nulls = Math.Max(
            WilsonInterval.Of(column.Nulls, column.Rows, Confidence).High,
            parts.Length > 1
                ? parts.Max(part => WilsonInterval.Of(part.Nulls, part.Rows, Confidence).High)
                : 0);
        if (column.Type == ColumnType.String || column.Nulls > 0)
            yield return new(column.Column, Statistic.NullRatio, Max: Math.Min(1, Above(nulls)));
        if (column.Values == 0)
            yield break;
        if (IsCode(column))
        {
            // Values seen once say that there are others, not seen yet.
            if (column.Categories is { Count: <= MostCategories } few && few.All(category => category.Rows > 1))
                yield return new(
                    column.Column, Statistic.OtherCategories,
                    Allowed: [.. few.Select(category => category.Value).Order(StringComparer.Ordinal)]);
            // How many different sentences there are says how many rows there are.
            else if (!column.IsProse || 2 * column.Distinct <= column.Values)
                yield return new(column.Column, Statistic.Cardinality, Max: Math.Ceiling(Above(1.5 * column.Distinct)));
            yield break;
        }
        if (column is { Mean: { } mean, StandardDeviation: { } deviation } && deviation > 0)
        {
            var reach = Reach(column, parts);
            yield return new(column.Column, Statistic.Mean, Min: Below(mean - reach), Max: Above(mean + reach));
        }
    }

    // How far the mean of a data set like this one may be away: as files vary where there are several, else as rows do.
    private static double Reach(ColumnStatistics column, ColumnStatistics[] parts)
    {
        var deviation = column.StandardDeviation!.Value;
        var means = parts.Where(part => part is { Mean: not null, StandardDeviation: not null })
            .Select(part => new Measurement(
                part.Mean!.Value, part.StandardDeviation!.Value * part.StandardDeviation.Value / part.Values))
            .ToArray();
        var chance = means.Length >= 3
            ? PredictionInterval.Of(means, means.Average(part => part.Variance), 1 - Confidence).Reach
            : NormalDistribution.Quantile(0.5 + Confidence / 2) * deviation / Math.Sqrt(column.Values);
        return Math.Max(chance, new HistoryOptions().LeastMove * deviation);
    }

    // Texts and whole numbers of few different values are names of something; so are booleans.
    private static bool IsCode(ColumnStatistics column) =>
        column.Type is ColumnType.String or ColumnType.Boolean
        || (column.Type is ColumnType.Int32 or ColumnType.Int64 && column.Categories is not null);

    private static bool IsKey(ColumnStatistics column) =>
        CanBeKey(column) && !column.IsDistinctEstimate && column.Distinct == column.Rows;

    // Where different values are estimated, nothing proves a key: none is proposed, nor anything else.
    private static bool IsLikelyKey(ColumnStatistics column) =>
        CanBeKey(column) && column.IsDistinctEstimate
        && column.Distinct >= column.Rows * (1 - 4 * DistinctSketch.StandardError);

    // Prose that is all different is so by chance, and measured numbers and times too.
    private static bool CanBeKey(ColumnStatistics column) =>
        column.Type is ColumnType.String or ColumnType.Int32 or ColumnType.Int64 && column.Rows >= 100
        && column.Nulls == 0 && !column.IsProse;

    /// <summary>The next number of two digits that is not smaller.</summary>
    private static double Above(double number) => -Below(-number);

    private static double Below(double number)
    {
        if (number == 0 || !double.IsFinite(number))
            return number;
        var digits = (int)Math.Floor(Math.Log10(Math.Abs(number))) - 1;
        // Decimals, so that the limit is the number that a person would write.
        return Math.Abs(digits) > 20
            ? number
            : digits >= 0
                ? (double)(Math.Floor((decimal)(number / Math.Pow(10, digits))) * (decimal)Math.Pow(10, digits))
                : (double)(Math.Floor((decimal)(number * Math.Pow(10, -digits))) / (decimal)Math.Pow(10, -digits));
    }
}
