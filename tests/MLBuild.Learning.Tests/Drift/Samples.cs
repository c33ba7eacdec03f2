using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>Builds profiles and counters from values in one line.</summary>
internal static class Samples
{
    public static NumericProfile Numbers(
        string name, IEnumerable<double?> values, ProfileOptions? options = null)
    {
        var builder = new NumericProfileBuilder(name, FeatureRole.Feature, options ?? new());
        foreach (var value in values)
            builder.Add(value);
        return builder.Build();
    }

    public static CategoricalProfile Categories(
        string name, IEnumerable<string?> values, ProfileOptions? options = null)
    {
        var builder = new CategoricalProfileBuilder(name, FeatureRole.Feature, options ?? new());
        foreach (var value in values)
            builder.Add(value);
        return builder.Build();
    }

    public static BinCounter Count(this NumericProfile profile, IEnumerable<double?> values)
    {
        var counter = new NumericBinCounter(profile);
        foreach (var value in values)
            counter.Add(value);
        return counter;
    }

    public static BinCounter Count(this CategoricalProfile profile, IEnumerable<string?> values)
    {
        var counter = new CategoricalBinCounter(profile);
        foreach (var value in values)
            counter.Add(value);
        return counter;
    }

    public static FeatureDrift.Measured Measure(BinCounter counter) =>
        Assert.IsType<FeatureDrift.Measured>(DriftReport.Compare([counter], new()).Features.Single());

    public static IEnumerable<double?> Range(double from, double step, int count) =>
        Enumerable.Range(0, count).Select(i => (double?)(from + i * step));

    public static IEnumerable<string?> Repeat(params (string? Category, int Count)[] groups) =>
        groups.SelectMany(group => Enumerable.Repeat(group.Category, group.Count));
}
