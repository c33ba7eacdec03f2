namespace MLBuild.Architecture.Tests;

/// <summary>A rule that holds if nobody breaks it.</summary>
internal static class Rule
{
    /// <summary>Names everyone who does, in one message.</summary>
    public static void IsKept(IEnumerable<string> breaches)
    {
        var all = breaches.ToArray();
        Assert.True(all.Length == 0, $"{all.Length} breaches:\n{string.Join('\n', all)}");
    }
}
