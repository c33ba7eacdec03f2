using System.Diagnostics;

namespace MLBuild.Acceptance.Tests;

/// <summary>A checkout that was compiled once; tests work on copies of it.</summary>
public sealed class CompiledCheckout : IDisposable
{
    private readonly BootstrapCheckout _checkout = new();

    public CompiledCheckout() => First = _checkout.Run();

    public Outcome First { get; }

    public BootstrapCheckout Copy() => _checkout.Copy();

    public void Dispose() => _checkout.Dispose();
}

/// <summary>When the build program is compiled before it is started: content decides, never time stamps.</summary>
public sealed class BootstrapCompiles(CompiledCheckout compiled) : IClassFixture<CompiledCheckout>, IDisposable
{
    private const string Stamp = ".nuke/bin/compat/.built-from";

    private readonly BootstrapCheckout _checkout = compiled.Copy();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void FirstStartCompilesAndSaysSoOnStderrOnly()
    {
        Assert.Equal(
            Lines("build engine: MLBuild.NukeCompat (BUILD_ENGINE says so)", "compiling build/_build.csproj"),
            compiled.First.Said);
        Assert.Equal(Lines("first text"), compiled.First.Output);
        Assert.Equal(0, compiled.First.ExitCode);
    }

    [Fact]
    public void UnchangedStartOnlyRuns()
    {
        var before = _checkout.Read(Stamp);
        foreach (var source in Directory.EnumerateFiles(_checkout.PathOf("build")))
            File.SetLastWriteTimeUtc(source, new DateTime(2038, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(_checkout.PathOf(Stamp), DateTime.UnixEpoch);

        Assert.Equal(new Outcome(0, Lines("first text"), ""), _checkout.Run());
        Assert.Equal(before, _checkout.Read(Stamp));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_checkout.PathOf(Stamp)));
    }

    [Fact]
    public void EditedSourceIsCompiledAndRun()
    {
        _checkout.Write("build/Build.cs", _checkout.Read("build/Build.cs").Replace("first", "second"));

        var outcome = _checkout.Run();

        Assert.True(outcome.Compiled, outcome.Said);
        Assert.Equal(Lines("second text"), outcome.Output);
        Assert.False(_checkout.Run().Compiled);
    }

    [Fact]
    public void CompileErrorIsShownAndNothingRuns()
    {
        var good = _checkout.Read("build/Build.cs");
        _checkout.Write("build/Build.cs", good + "\nint x = \"text\";");

        var failed = _checkout.Run();

        Assert.Equal(1, failed.ExitCode);
        Assert.Equal("", failed.Output);
        Assert.Contains("Build.cs(7,9): error CS0029", failed.Said);
        Assert.EndsWith(Lines("The build program does not compile, so nothing was run."), failed.Said);

        // The failed compile may have replaced half of the program, so the old text is no excuse to start it.
        _checkout.Write("build/Build.cs", good);
        Assert.True(_checkout.Run().Compiled);
    }

    [Fact]
    public void SecondCompileWaitsForTheFirst()
    {
        _checkout.Write("build/Build.cs", _checkout.Read("build/Build.cs").Replace("first", "second"));
        Process waiting;
        var compileLock = _checkout.PathOf(".nuke/temp/compile.lock");
        using (File.Open(compileLock, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = _checkout.Start();
            Assert.Equal("another build is compiling in this checkout; waiting for it",
                waiting.StandardError.ReadLine());
        }

        Assert.Equal(Lines("second text"), BootstrapCheckout.Finish(waiting).Output);
    }

    [Fact]
    public void TwoStartsAtOnceCompileOnce()
    {
        _checkout.Write("build/Build.cs", _checkout.Read("build/Build.cs").Replace("first", "second"));

        var (one, two) = (_checkout.Start(), _checkout.Start());
        Outcome[] outcomes = [BootstrapCheckout.Finish(one), BootstrapCheckout.Finish(two)];

        Assert.All(outcomes, outcome => Assert.Equal(Lines("second text"), outcome.Output));
        Assert.Single(outcomes, outcome => outcome.Compiled);
    }

    private static string Lines(params string[] lines) =>
        string.Concat(lines.Select(line => line + Environment.NewLine));
}
