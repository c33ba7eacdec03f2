using System.Text.Json.Serialization;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>What is known of a column's values in the accepted rows. Null is what the column does not have. Exact while
/// there are up to <see cref="ContractCheck{TRow}.DistinctCap"/> different values, whatever the order of the rows;
/// beyond, the members that say so are estimates.</summary>
/// <param name="Rows">Accepted rows, with and without a value.</param>
public sealed record ColumnStatistics(
    string Column,
    [property: JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))] ColumnType Type,
    long Rows,
    long Nulls)
{
    public double? Mean { get; init; }

    /// <summary>Of the sample (n - 1): null below two values.</summary>
    public double? StandardDeviation { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>Of a column of dates, to the millisecond.</summary>
    public DateTime? Earliest { get; init; }

    /// <summary>Of a column of dates, to the millisecond.</summary>
    public DateTime? Latest { get; init; }

    /// <summary>Different values, nulls not counted.</summary>
    public long Distinct { get; init; }

    /// <summary>True where <see cref="Distinct"/> is an estimate with the standard error of
    /// <see cref="DistinctSketch"/>.</summary>
    public bool IsDistinctEstimate { get; init; }

    /// <summary>True where <see cref="Distinct"/> is exact and a value is a text of several words, or of more than 64
    /// characters: prose, and no name of something.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsProse { get; init; }

    /// <summary>The smallest value, those that split the values into parts of 2.5 %, and the largest: 41 numbers, dates
    /// as milliseconds since 1970. See <see cref="QuantileFunction"/>.</summary>
    public IReadOnlyList<double>? Quantiles { get; init; }

    /// <summary>The largest share of the values by which the rank of a quantile can be wrong; 0 where they are
    /// exact.</summary>
    public double RankError { get; init; }

    /// <summary>The values and how often each occurs, the most frequent first; null where there are more than
    /// 300.</summary>
    public IReadOnlyList<CategoryCount>? Categories { get; init; }

    /// <summary>Rows with a value.</summary>
    [JsonIgnore]
    public long Values => Rows - Nulls;

    /// <summary>The measured value of a statistic of one column; null where there is none.</summary>
    internal double? Measured(Statistic statistic, double? share = null) => statistic switch
    {
        Statistic.NullRatio => Rows > 0 ? (double)Nulls / Rows : null,
        Statistic.Mean => Mean,
        Statistic.StandardDeviation => StandardDeviation,
        Statistic.Minimum => Minimum,
        Statistic.Maximum => Maximum,
        Statistic.Quantile => Quantiles is { } all ? QuantileFunction.At(all, share!.Value) : null,
        Statistic.Cardinality => Rows > 0 ? Distinct : null,
        _ => throw new ArgumentOutOfRangeException(nameof(statistic), statistic, "BUG: no statistic of one column."),
    };

    internal ColumnStatistics With(Moments moments, double[] quantiles, double rankError, bool isNumeric)
    {
        var statistics = this with { Quantiles = quantiles, RankError = rankError };
        return isNumeric
            ? statistics with
            {
                Mean = moments.Mean,
                StandardDeviation = moments.StandardDeviation,
                Minimum = moments.Minimum,
                Maximum = moments.Maximum,
            }
            : statistics with
            {
                Earliest = ValueNumber.Date(moments.Minimum!.Value),
                Latest = ValueNumber.Date(moments.Maximum!.Value),
            };
    }
}

/// <summary>How many rows have a value.</summary>
/// <param name="Value">As <see cref="Column{TRow}.Text"/>.</param>
public sealed record CategoryCount(string Value, long Rows);
