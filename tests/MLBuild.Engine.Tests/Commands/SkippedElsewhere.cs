namespace MLBuild.Engine.Tests.Commands;

/// <summary>A test of what Windows does not have: a shell and its programs, signals.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = Elsewhere.ThanUnix;
}

/// <inheritdoc cref="UnixFactAttribute"/>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = Elsewhere.ThanUnix;
}

/// <summary>A test of what only Linux tells: of processes in <c>/proc</c>, of files by their change times.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = Elsewhere.ThanLinux;
}

/// <inheritdoc cref="LinuxFactAttribute"/>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = Elsewhere.ThanLinux;
}

/// <summary>A test of stages that run at once, which need a core each.</summary>
internal sealed class TwoCoresFactAttribute : FactAttribute
{
    /// <param name="onLinux">As <see cref="LinuxFactAttribute"/> besides.</param>
    public TwoCoresFactAttribute(bool onLinux = false) =>
        Skip = Environment.ProcessorCount < 2 ? "needs two cores" : onLinux ? Elsewhere.ThanLinux : null;
}

file static class Elsewhere
{
    public static string? ThanUnix =>
        OperatingSystem.IsWindows() ? "needs a shell and signals, which Windows does not have" : null;

    public static string? ThanLinux =>
        OperatingSystem.IsLinux() ? null : "needs what only Linux tells of processes and files";
}
