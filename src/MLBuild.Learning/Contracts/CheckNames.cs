namespace MLBuild.Learning.Contracts;

/// <summary>What reports call a check.</summary>
internal static class CheckNames
{
    public static string Of(ExpectationReport check) =>
        check.File is { } file ? $"rows of {file}" : Of(check.Statistic, check.Column, check.Share);

    /// <summary>Without the file.</summary>
    public static string Of(HistoryReport check) => Of(check.Statistic, check.Column, check.Share);

    public static string Of(Statistic statistic, string? column, double? share) => statistic switch
    {
        Statistic.Rows => "rows",
        Statistic.NullRatio => $"rows without {column}",
        Statistic.Mean => $"mean of {column}",
        Statistic.StandardDeviation => $"standard deviation of {column}",
        Statistic.Minimum => $"minimum of {column}",
        Statistic.Maximum => $"maximum of {column}",
        Statistic.Cardinality => $"different values of {column}",
        Statistic.OtherCategories => $"categories of {column}",
        Statistic.Quantile when share == 0.5 => $"median of {column}",
        Statistic.Quantile => $"{Figures.Percent(share!.Value)} quantile of {column}",
        Statistic.NewCategories => $"new categories of {column}",
        Statistic.VanishedCategories => $"vanished categories of {column}",
        _ => throw new NotSupportedException($"BUG: no name for {statistic}."),
    };
}
