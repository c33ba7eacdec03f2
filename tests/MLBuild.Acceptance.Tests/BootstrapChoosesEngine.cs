using System.IO.Compression;

namespace MLBuild.Acceptance.Tests;

/// <summary>Which engine the build program is compiled against, what is said about it, what is remembered.</summary>
public sealed class BootstrapChoosesEngine : IDisposable
{
    private const string Answer = ".nuke/temp/engine";

    private const string Compat = "build engine: MLBuild.NukeCompat ";

    private const string Nuke = "build engine: Nuke.Common ";

    private const string NotInFeed =
        "(the package feed has no Nuke.Common 10.1.0; asked once, forget with: rm .nuke/temp/engine)";

    private readonly BootstrapCheckout _checkout = new();

    public BootstrapChoosesEngine()
    {
        _checkout.Environment["BUILD_ENGINE"] = null;
        _checkout.PretendToCompile();
    }

    public void Dispose() => _checkout.Dispose();

    [UnixFact]
    public void FeedWithoutNukeGivesCompatAndIsAskedOnce()
    {
        Assert.Equal(Compat + NotInFeed, EngineLine());
        Assert.Equal("compat", _checkout.Read(Answer).Trim());

        AddNukeTo("feed");
        _checkout.Write("build/Added.cs", "");
        Assert.Equal(Compat + "(remembered; forget with: rm .nuke/temp/engine)", EngineLine());

        File.Delete(_checkout.PathOf(Answer));
        Assert.Equal(Nuke + "(the package feed has it; asked once, forget with: rm .nuke/temp/engine)", EngineLine());
        Assert.Equal("nuke", _checkout.Read(Answer).Trim());
    }

    [UnixFact]
    public void UnreachableFeedGivesCompatForNow()
    {
        _checkout.UseFeed("http://127.0.0.1:9/index.json");

        Assert.Equal(Compat + "(for now, asked again at the next compile: the package feed did not answer, "
            + "NU1301: Unable to load the service index for source http://127.0.0.1:9/index.json.)", EngineLine());
        Assert.False(File.Exists(_checkout.PathOf(Answer)));

        // Who asked again now would hear that the feed has it.
        _checkout.ReplaceProgram("dotnet", "exit 0");
        Assert.Equal("", _checkout.Run().Said);

        _checkout.PretendToCompile();
        _checkout.UseFeed("feed");
        Assert.Equal(Compat + NotInFeed, EngineLine());
    }

    [UnixFact]
    public void RepositoryThatNamesNoNukeIsBuiltWithCompat()
    {
        AddNukeTo("feed");
        _checkout.Write("Directory.Packages.props", "<Project />");
        Assert.Equal(Compat + "(Directory.Packages.props names no Nuke.Common)", EngineLine());
    }

    [UnixFact]
    public void CachedPackageIsTakenWithoutAsking()
    {
        _checkout.UseFeed("http://127.0.0.1:9/index.json");
        _checkout.Write("packages/nuke.common/10.1.0/.nupkg.metadata", "{}");

        Assert.Equal(Nuke + "(found in the package cache)", EngineLine());
    }

    [UnixTheory]
    [InlineData("nuke", "Nuke.Common")]
    [InlineData("fallout", "Fallout.Common")]
    [InlineData("compat", "MLBuild.NukeCompat")]
    public void VariableOverridesAnswer(string engine, string name)
    {
        _checkout.Write(Answer, "compat");
        _checkout.Environment["BUILD_ENGINE"] = engine;

        var lines = _checkout.Run().Lines;

        Assert.Contains($"build engine: {name} (BUILD_ENGINE says so)", lines);
        Assert.Contains(lines, line => line.StartsWith("msbuild ", StringComparison.Ordinal)
            && line.Contains($" -p:BuildEngine={engine} ", StringComparison.Ordinal)
            && line.Contains($"/.nuke/bin/{engine}/", StringComparison.Ordinal));
    }

    [UnixTheory]
    [InlineData("nuke", false)]
    [InlineData("fallout", false)]
    [InlineData("compat", true)]
    public void LogThatAnotherBuildHasOpenIsNotInTheWay(string engine, bool stays)
    {
        _checkout.Write(".nuke/temp/build.log", "of a server that runs");
        _checkout.Environment["BUILD_ENGINE"] = engine;

        _checkout.Run();

        Assert.Equal(stays, File.Exists(_checkout.PathOf(".nuke/temp/build.log")));
    }

    [UnixTheory]
    [InlineData("cake")]
    [InlineData("Nuke")]
    public void UnknownEngineIsNamed(string engine)
    {
        _checkout.Environment["BUILD_ENGINE"] = engine;

        var outcome = _checkout.Run();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal($"Build engine '{engine}' is not known; expected nuke, fallout or compat. It comes from the "
            + "environment variable BUILD_ENGINE or from the file .nuke/temp/engine: correct or remove it.",
            outcome.Said.Trim());
    }

    private string EngineLine() =>
        Assert.Single(_checkout.Run().Lines, line => line.StartsWith("build engine: ", StringComparison.Ordinal));

    private void AddNukeTo(string feed)
    {
        using var package = ZipFile.Open(_checkout.PathOf($"{feed}/Nuke.Common.10.1.0.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(package.CreateEntry("Nuke.Common.nuspec").Open());
        writer.Write("""
            <package>
              <metadata>
                <id>Nuke.Common</id>
                <version>10.1.0</version>
                <authors>nobody</authors>
                <description>An empty package with the name that the bootstrapper asks for.</description>
              </metadata>
            </package>
            """);
    }
}
