using System.Text.Json.Serialization;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>What is measured of the accepted rows of a data set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Statistic>))]
public enum Statistic
{
    /// <summary>Accepted rows, of the whole data set or of one file.</summary>
    Rows,

    /// <summary>The share of rows without a value, 0..1.</summary>
    NullRatio,

    /// <summary>The arithmetic mean of the values there are; true counts 1, false 0.</summary>
    Mean,

    /// <summary>The sample standard deviation (n - 1) of the values there are.</summary>
    StandardDeviation,

    Minimum,
    Maximum,

    /// <summary>How many different values there are, nulls not counted.</summary>
    Cardinality,

    /// <summary>How many rows have a value that is not in the list of allowed ones, nulls not counted.</summary>
    OtherCategories,

    /// <summary>The value that a share of all values does not exceed.</summary>
    Quantile,

    /// <summary>The share of values that no earlier batch has, 0..1.</summary>
    NewCategories,

    /// <summary>How many categories are missing that earlier batches all have.</summary>
    VanishedCategories,
}

/// <summary>What the accepted rows must satisfy together.</summary>
internal abstract record Expectation<TRow>(Severity Severity)
    where TRow : class, new()
{
    public sealed record OfRows(Bounds Bounds, Severity Severity) : Expectation<TRow>(Severity);

    public sealed record OfRowsPerFile(Bounds Bounds, Severity Severity) : Expectation<TRow>(Severity);

    /// <param name="Share">Of a quantile: which one.</param>
    public sealed record OfColumn(
        Column<TRow> Column, Statistic Statistic, Bounds Bounds, Severity Severity, double? Share = null)
        : Expectation<TRow>(Severity);

    /// <param name="Names">The allowed values as text, in the order of the contract.</param>
    public sealed record OfCategories(AllowedValues<TRow> Allowed, IReadOnlyList<string> Names, Severity Severity)
        : Expectation<TRow>(Severity);
}
