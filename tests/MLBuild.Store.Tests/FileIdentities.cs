namespace MLBuild.Store.Tests;

/// <summary>When stamps of a file are old enough that a later change must give others.</summary>
public sealed class FileIdentities : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly TempFolder _folder = new();

    [Fact]
    public void AgreesWithWhatTheFrameworkSays()
    {
        var path = _folder.Write("ä b", "four");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddTicks(1_234_567_8));
        var identity = FileIdentity.Of(path)!.Value;
        Assert.Equal((4, 1_234_567_800), (identity.SizeBytes, identity.ModifiedNs));
        if (OperatingSystem.IsLinux())
            Assert.True(identity is { Inode: > 0, ChangedNs: > Second });
        Assert.Null(FileIdentity.Of(_folder["none"]));
    }

    [Theory]
    [InlineData(20_000_000, false)]
    [InlineData(20_000_100, true)]
    public void FineStampsSettleAfterTwentyMilliseconds(long ageNs, bool settled) =>
        Assert.Equal(settled, new FileIdentity(1, 100 * Second + 100, 0, 7).IsSettled(At(100 * Second + 100 + ageNs)));

    [Theory]
    [InlineData(2 * Second, false)]
    [InlineData(2 * Second + 100, true)]
    public void WholeSecondsSettleAfterTwoSeconds(long ageNs, bool settled) =>
        Assert.Equal(settled, new FileIdentity(1, 100 * Second, 0, 7).IsSettled(At(100 * Second + ageNs)));

    [Fact]
    public void TheLaterStampCounts()
    {
        Assert.False(new FileIdentity(1, 1, 100 * Second + 1, 7).IsSettled(At(100 * Second)));
        Assert.False(new FileIdentity(1, 100 * Second + 1, 1, 7).IsSettled(At(100 * Second)));
    }

    public void Dispose() => _folder.Dispose();

    // Clocks count in 100 ns.
    private static DateTimeOffset At(long ns) => DateTimeOffset.UnixEpoch.AddTicks(ns / 100);
}
