using Nuke.Common;
using Nuke.Common.Tooling;

/// <summary>What other repositories start from.</summary>
partial class Build
{
    Target Pack => _ => _
        .Description("Writes the libraries and the template of 'dotnet new mlbuild' as NuGet packages to packages/")
        .Executes(() => ProcessTasks.StartProcess("dotnet",
            $"pack {RootDirectory / "src" / "Packages.slnf"} -c Release -o {RootDirectory / "packages"} --nologo -v q",
            RootDirectory).AssertZeroExitCode());
}
