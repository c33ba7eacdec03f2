using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;

namespace MLBuild.Packages.Tests;

/// <summary>What is in the packages.</summary>
public sealed class Packing
{
    private static readonly string Version = XDocument.Load(
        Path.Combine(PackedFolder.Repository, "Directory.Build.props")).Descendants("Version").Single().Value;

    public static TheoryData<string> Libraries => [.. Packed().Where(name => name != "MLBuild.Templates")];

    [Fact]
    public void EachLibraryOfSrcIsPacked() => Assert.Equal(
        Directory
            .GetFiles(Path.Combine(PackedFolder.Repository, "src"), "MLBuild.*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
        Packed().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Libraries))]
    public void ALibraryHasReadmeLicenceDescriptionAndSymbolsOfOneVersion(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(PackedFolder.Path, $"{name}.{Version}.nupkg"));
        using var spec = package.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(spec).Root!.Elements().Single();
        var space = metadata.Name.Namespace;
        Assert.Equal(Version, metadata.Element(space + "version")!.Value);
        Assert.Equal("MIT", metadata.Element(space + "license")!.Value);
        Assert.Equal("README.md", metadata.Element(space + "readme")!.Value);
        Assert.NotEqual("Package Description", metadata.Element(space + "description")!.Value);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.dll"));
        Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
        Assert.All(metadata.Descendants(space + "dependency").Where(other => IsOurs(other.Attribute("id")!.Value)),
            other => Assert.Equal(Version, other.Attribute("version")!.Value));
        using var symbols = ZipFile.OpenRead(Path.Combine(PackedFolder.Path, $"{name}.{Version}.snupkg"));
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
    }

    [Theory]
    [InlineData("MLBuild.Nuke")]
    [InlineData("MLBuild.Components")]
    public void WhatIsCompiledAgainstAHostIsThatOfCompatUnlessItsVersionSaysOtherwise(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(PackedFolder.Path, $"{name}.{Version}.nupkg"));
        using var spec = new StreamReader(package.GetEntry($"{name}.nuspec")!.Open());
        var text = spec.ReadToEnd();
        Assert.Contains("\"MLBuild.NukeCompat\"", text);
        Assert.DoesNotContain("Nuke.Common", text);
        var (_, other) = PackedFolder.Run(new("dotnet",
            ["msbuild", $"src/{name}", "-getProperty:PackageVersion", "-p:BuildEngine=nuke"])
        { WorkingDirectory = PackedFolder.Repository });
        Assert.Equal($"{Version}-nuke", other.Trim());
    }

    /// <summary>The bytes of an assembly are part of what is cached by whom it is used.</summary>
    [Fact]
    public void TheSameSourcesGiveTheSameBytes()
    {
        var again = Directory.CreateTempSubdirectory("mlbuild-again-");
        try
        {
            var (exitCode, output) = PackedFolder.Run(new("dotnet",
            [
                "pack", "src/MLBuild.Store", "-c",
                AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug",
                "-o", again.FullName, "--no-build", "--nologo", "-v", "q",
            ])
            { WorkingDirectory = PackedFolder.Repository });
            Assert.True(exitCode == 0, output);
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(PackedFolder.Path, $"MLBuild.Store.{Version}.nupkg")),
                File.ReadAllBytes(Path.Combine(again.FullName, $"MLBuild.Store.{Version}.nupkg")));
        }
        finally
        {
            again.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Packed()
    {
        using var filter = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(PackedFolder.Repository, "src", "Packages.slnf")));
        return [.. filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(project => Path.GetFileNameWithoutExtension(project.GetString()!))];
    }

    private static bool IsOurs(string id) => id.StartsWith("MLBuild.", StringComparison.Ordinal);
}
