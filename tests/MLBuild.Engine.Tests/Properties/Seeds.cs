using System.Globalization;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Which seeds a property is tried with. <c>MLBUILD_SEED=17</c> tries that one alone.</summary>
internal static class Seeds
{
    private const string Variable = "MLBUILD_SEED";

    public static TheoryData<int> Of(int first, int count) => Of([.. Enumerable.Range(first, count)]);

    public static TheoryData<int> Of(params int[] seeds) => One is { } one ? [one] : [.. seeds];

    /// <summary>Seeds for so many kills; <c>MLBUILD_SOAK=1000</c> for a soak, from <c>MLBUILD_SEED</c> on if that is
    /// set.</summary>
    public static TheoryData<int> OfKills(int first, int kills, int each) =>
        int.TryParse(Environment.GetEnvironmentVariable("MLBUILD_SOAK"), CultureInfo.InvariantCulture, out var more)
            ? [.. Enumerable.Range(One ?? first, more / each)]
            : Of(first, kills / each);

    /// <summary>How to try one alone, for a failure's message.</summary>
    public static string Alone(int seed) => $"to run it alone: {Variable}={seed} dotnet test";

    private static int? One =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var one)
            ? one
            : null;
}
