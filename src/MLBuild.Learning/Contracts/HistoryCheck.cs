using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>A statistic that must stay as it was in the accepted batches before.</summary>
/// <param name="Column">Null for the count of rows.</param>
/// <param name="Share">Of a quantile: which one, 0..1.</param>
internal sealed record HistoryCheck(string? Column, Statistic Statistic, double? Share, Severity Severity)
{
    /// <summary>What is compared of a column of this type when nobody says what.</summary>
    public static IEnumerable<(Statistic Statistic, double? Share)> Usual<TRow>(Column<TRow> column) =>
    [
        (Statistic.NullRatio, null),
        .. column.IsNumeric && column.Type != ColumnType.Boolean
            ? ((Statistic, double?)[])
            [
                (Statistic.Mean, null), (Statistic.StandardDeviation, null),
                (Statistic.Quantile, 0.05), (Statistic.Quantile, 0.5), (Statistic.Quantile, 0.95),
            ]
            : [],
        // Whole numbers are often codes, whose largest says nothing.
        .. column.Type is ColumnType.Double or ColumnType.Decimal
            ? ((Statistic, double?)[])[(Statistic.Minimum, null), (Statistic.Maximum, null)]
            : [],
        .. column.Type is not ColumnType.DateTime ? ((Statistic, double?)[])[(Statistic.Cardinality, null)] : [],
        .. column.Type is ColumnType.Boolean or ColumnType.Int32 or ColumnType.String
            ? ((Statistic, double?)[])[(Statistic.NewCategories, null), (Statistic.VanishedCategories, null)]
            : [],
    ];

    /// <param name="batch">What to judge.</param>
    /// <param name="history">Accepted batches before it.</param>
    /// <param name="alarms">How often this check alone may be wrong about a good batch.</param>
    public HistoryReport Judge(
        BatchRecord batch, IReadOnlyList<BatchRecord> history, HistoryOptions options, double alarms)
    {
        var column = Column is null ? null : batch.Column(Column);
        var pairs = Column is null
            ? []
            : history.Select(record => record.Column(Column)).OfType<ColumnStatistics>().ToArray();
        var judge = new HistoryJudge(options, alarms);
        var judgement = Statistic switch
        {
            Statistic.Rows => judge.Rows(batch.Rows, [.. history.Select(record => record.Rows)]),
            _ when column is null => new(null, new(null, null), 0, []),
            Statistic.NullRatio => judge.NullRatio(column, pairs),
            Statistic.Mean => judge.Mean(column, pairs),
            Statistic.StandardDeviation => judge.StandardDeviation(column, pairs),
            Statistic.Quantile => judge.Quantile(column, pairs, Share!.Value),
            Statistic.Minimum => judge.End(column, pairs, isMaximum: false),
            Statistic.Maximum => judge.End(column, pairs, isMaximum: true),
            Statistic.Cardinality => judge.Cardinality(column, pairs),
            Statistic.NewCategories => judge.NewCategories(column, pairs),
            Statistic.VanishedCategories => judge.VanishedCategories(column, pairs),
            _ => throw new NotSupportedException($"BUG: {Statistic} has no history."),
        };
        var verdict = judgement.Batches < options.LeastBatches
            ? CheckVerdict.NotEnoughHistory
            : Severity.Verdict(judgement.Measured is { } number && judgement.Expected.Contain(number));
        return new(
            batch.Name, Column, Statistic, Share, judgement.Measured, judgement.Expected,
            Column is null ? batch.Rows : column?.Values ?? 0, judgement.Batches, judgement.Categories, Severity,
            verdict);
    }
}

/// <summary>What a comparison with history found.</summary>
/// <param name="Batches">Accepted batches that it could be compared with.</param>
/// <param name="Categories">New or vanished ones.</param>
internal sealed record Judgement(
    double? Measured, Bounds Expected, int Batches, IReadOnlyList<string> Categories)
{
    /// <summary>Of a batch whose categories are not kept one by one: that there are more is for
    /// <see cref="Statistic.Cardinality"/> to say.</summary>
    public static readonly Judgement TooManyCategories = NotEnough(null, 0);

    public static Judgement NotEnough(double? measured, int batches) => new(measured, new(null, null), batches, []);
}
