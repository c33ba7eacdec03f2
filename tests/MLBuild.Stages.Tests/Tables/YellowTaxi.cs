namespace MLBuild.Stages.Tests.Tables;

/// <summary>The real data, which lies beside the repository and not in it.</summary>
internal static class YellowTaxi
{
    private const string Place = "shared/data/yellow-taxi";

    /// <summary>The monthly files, oldest first, or null where the folder is absent.</summary>
    public static IReadOnlyList<string>? Months { get; } = Find();

    public static string WhyAbsent => $"there is no folder {Place} beside the repository";

    private static string[]? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var place = Path.Combine(folder.FullName, Place);
            if (Directory.Exists(place))
                return [.. Directory.GetFiles(place, "*.csv").Order(StringComparer.Ordinal)];
        }
        return null;
    }
}

/// <summary>A test that reads the real data, and says so when it cannot.</summary>
internal sealed class YellowTaxiFactAttribute : FactAttribute
{
    public YellowTaxiFactAttribute()
    {
        if (YellowTaxi.Months is null)
            Skip = YellowTaxi.WhyAbsent;
    }
}

/// <summary>As <see cref="YellowTaxiFactAttribute"/>, with arguments.</summary>
internal sealed class YellowTaxiTheoryAttribute : TheoryAttribute
{
    public YellowTaxiTheoryAttribute()
    {
        if (YellowTaxi.Months is null)
            Skip = YellowTaxi.WhyAbsent;
    }
}
