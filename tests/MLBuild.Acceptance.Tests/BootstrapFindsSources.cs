namespace MLBuild.Acceptance.Tests;

/// <summary>Which files the build program is made of.</summary>
public sealed class BootstrapFindsSources : IDisposable
{
    private readonly BootstrapCheckout _checkout = new();

    public BootstrapFindsSources()
    {
        _checkout.Write("src/Store/Old.cs", "old");
        _checkout.Write("src/Store/packages.lock.json", "{}");
        _checkout.PretendToCompile();
        Assert.True(_checkout.Run().Compiled);
        Assert.Equal("", _checkout.Run().Said);
    }

    public void Dispose() => _checkout.Dispose();

    [UnixTheory]
    [InlineData("build/Build.cs")]
    [InlineData("build/_build.csproj")]
    [InlineData("src/Store/Old.cs")]
    [InlineData("src/Store/packages.lock.json")]
    [InlineData("src/New/Folder with space/New.cs")]
    [InlineData("src/Directory.Build.props")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Build.targets")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    [InlineData("nuget.config")]
    [InlineData(".editorconfig")]
    public void WrittenSource(string path)
    {
        _checkout.Write(path, "other");
        Assert.True(_checkout.Run().Compiled);
        Assert.False(_checkout.Run().Compiled);
    }

    [UnixFact]
    public void DeletedSource()
    {
        File.Delete(_checkout.PathOf("src/Store/Old.cs"));
        Assert.True(_checkout.Run().Compiled);
    }

    [UnixFact]
    public void RenamedSource()
    {
        File.Move(_checkout.PathOf("src/Store/Old.cs"), _checkout.PathOf("src/Store/New.cs"));
        Assert.True(_checkout.Run().Compiled);
    }

    [UnixFact]
    public void SourceBehindALink()
    {
        _checkout.Write("elsewhere/Linked.cs", "old");
        File.CreateSymbolicLink(_checkout.PathOf("src/Store/Linked.cs"), _checkout.PathOf("elsewhere/Linked.cs"));
        Assert.True(_checkout.Run().Compiled);

        _checkout.Write("elsewhere/Linked.cs", "new");
        Assert.True(_checkout.Run().Compiled);
    }

    [UnixTheory]
    [InlineData("README.md")]
    [InlineData("data/taxi.csv")]
    [InlineData("tests/Tests.cs")]
    [InlineData("src/Store/bin/Store.dll")]
    [InlineData("src/Store/obj/project.assets.json")]
    [InlineData(".nuke/parameters.json")]
    public void NotASource(string path)
    {
        _checkout.Write(path, "other");
        Assert.False(_checkout.Run().Compiled);
    }
}
