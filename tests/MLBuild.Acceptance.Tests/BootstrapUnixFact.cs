namespace MLBuild.Acceptance.Tests;

/// <summary>A test of something that Windows does not have, such as a shell script in place of a program.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = UnixOnly.Reason;
}

/// <inheritdoc cref="UnixFactAttribute"/>
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = UnixOnly.Reason;
}

file static class UnixOnly
{
    public static string? Reason => OperatingSystem.IsWindows() ? "Unix only" : null;
}
