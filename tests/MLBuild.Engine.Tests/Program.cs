namespace MLBuild.Engine.Tests;

/// <summary>This test assembly as a program.</summary>
internal static class Program
{
    private static void Main()
    {
    }
}
