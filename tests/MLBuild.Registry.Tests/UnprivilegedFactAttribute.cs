namespace MLBuild.Registry.Tests;

/// <summary>A case about permissions, which do not bind root and work otherwise on Windows.</summary>
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() =>
        Skip = Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()
            ? "needs Unix and a user other than root"
            : null;
}
