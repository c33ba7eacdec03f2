using System.Globalization;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Which seeds a property is tried with. <c>MLBUILD_SEED=17</c> tries that one alone.</summary>
internal static class Seeds
{
    private const string Variable = "MLBUILD_SEED";

    public static TheoryData<int> Of(int first, int count) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var one)
            ? [one]
            : [.. Enumerable.Range(first, count)];

    /// <summary>How to try one alone, for a failure's message.</summary>
    public static string Alone(int seed) => $"to run it alone: {Variable}={seed} dotnet test";
}
