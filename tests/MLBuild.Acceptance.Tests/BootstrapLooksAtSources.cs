namespace MLBuild.Acceptance.Tests;

/// <summary>When the sources are read at a start and when a look at them is enough: a look is never fooled.</summary>
public sealed class BootstrapLooksAtSources : IDisposable
{
    private const string Source = "src/Store/Old.cs";

    private readonly BootstrapCheckout _checkout = new();

    public BootstrapLooksAtSources()
    {
        _checkout.Write(Source, "old");
        _checkout.PretendToCompile();
        // Whoever asks for a hash leaves a trace.
        _checkout.ReplaceProgram("sha256sum", $"""
            : >'{_checkout.PathOf("hashed")}'
            PATH=/usr/bin:/bin exec sha256sum "$@"
            """);
    }

    public void Dispose() => _checkout.Dispose();

    [LinuxFact]
    public void SettledSourcesAreNotRead()
    {
        Settle();
        Assert.Equal("", Start());
        Assert.False(WasHashed);
    }

    [LinuxFact]
    public void YoungSourcesAreReadAtEachStart()
    {
        Assert.True(_checkout.Run().Compiled);
        _checkout.Write("src/Store/New.cs", "new");
        Assert.True(_checkout.Run().Compiled);
        // However long that took, and again where a start takes so long that they are old by then.
        var clock = TimeProvider.System;
        var touched = 0L;
        for (var starts = 0; starts == 0 || clock.GetElapsedTime(touched) > TimeSpan.FromSeconds(2); starts++)
        {
            Assert.True(starts < 100, "no start is short");
            File.Delete(Look);
            touched = clock.GetTimestamp();
            File.SetLastWriteTimeUtc(_checkout.PathOf("src/Store/New.cs"), DateTime.UtcNow);
            Assert.Equal("", Start());
        }
        Assert.True(WasHashed);
        Assert.False(File.Exists(Look));
    }

    [LinuxFact]
    public void EditThatKeepsSizeAndTimeIsSeen()
    {
        Settle();
        var time = File.GetLastWriteTimeUtc(_checkout.PathOf(Source));
        _checkout.Write(Source, "new");
        File.SetLastWriteTimeUtc(_checkout.PathOf(Source), time);
        Assert.True(_checkout.Run().Compiled);
    }

    [LinuxFact]
    public void OtherFileWithSizeAndTimeIsSeen()
    {
        Settle();
        var time = File.GetLastWriteTimeUtc(_checkout.PathOf(Source));
        _checkout.Write("src/Store/other", "new");
        File.SetLastWriteTimeUtc(_checkout.PathOf("src/Store/other"), time);
        File.Move(_checkout.PathOf("src/Store/other"), _checkout.PathOf(Source), overwrite: true);
        Assert.True(_checkout.Run().Compiled);
    }

    [LinuxFact]
    public void RemovedFileIsSeen()
    {
        Settle();
        File.Delete(_checkout.PathOf(Source));
        Assert.True(_checkout.Run().Compiled);
    }

    [LinuxFact]
    public void TouchedSourcesAreReadOnceAndNotCompiled()
    {
        Settle();
        File.SetLastWriteTimeUtc(_checkout.PathOf(Source), DateTime.UnixEpoch);
        Assert.Equal("", Start());
        Assert.True(WasHashed);
        Settle();
        Assert.Equal("", Start());
        Assert.False(WasHashed);
    }

    [LinuxFact]
    public void FindThatCannotTellTimesMeansReading()
    {
        Settle();
        _checkout.ReplaceProgram("find", """
            case "$*" in *-printf*) echo 'find: -printf: unknown primary or operator' >&2; exit 1 ;; esac
            PATH=/usr/bin:/bin exec find "$@"
            """);
        Assert.Equal("", Start());
        Assert.True(WasHashed);
        _checkout.Write(Source, "new");
        Assert.True(_checkout.Run().Compiled);
    }

    private string Look => _checkout.PathOf(".nuke/bin/compat/.looked-at");

    private bool WasHashed => File.Exists(_checkout.PathOf("hashed"));

    // Starts until the sources are older than the grain of any file system's clock, which is when a look is remembered.
    private void Settle()
    {
        Assert.Equal(0, _checkout.Run().ExitCode);
        File.Delete(Look);
        for (var starts = 0; !File.Exists(Look); starts++)
        {
            Assert.True(starts < 300, "no look is ever remembered");
            Thread.Sleep(100);
            Assert.Equal(0, _checkout.Run().ExitCode);
        }
    }

    private string Start()
    {
        File.Delete(_checkout.PathOf("hashed"));
        return _checkout.Run().Said;
    }
}
