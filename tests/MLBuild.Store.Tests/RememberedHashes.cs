using MLBuild.Engine.Tests.Commands;

namespace MLBuild.Store.Tests;

/// <summary>The stat cache: it saves reading, and never says what is not so.</summary>
public sealed class RememberedHashes : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new();

    private string CachePath => _folder["store/hashes"];

    [Fact]
    public void OldFileIsHashedOnce()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        Assert.Equal(ContentHash.Of("abc"), cache.Of(path));
        cache.Save();
        Assert.Equal([Line(path, "abc")], SavedLines());

        // Proof that the file is not read: a wrong hash in the cache is believed.
        Forge(path, "forged");
        Assert.Equal(ContentHash.Of("forged"), new HashCache(CachePath, _clock).Of(path));
    }

    [Fact]
    public void FreshFileIsNotTrusted()
    {
        var path = _folder.Write("a", "abc");
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        cache.Save();
        Assert.Empty(SavedLines());
    }

    [Fact]
    public void TouchedFileIsReadAgainAndSame()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(-5));
        Assert.Equal(ContentHash.Of("abc"), cache.Of(path));
    }

    [LinuxFact]
    public void OtherContentOfTheSameSizeAndTimeIsSeen()
    {
        var path = _folder.Write("a", "abc");
        var time = new DateTime(2020, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        var before = FileIdentity.Of(path)!.Value;

        File.WriteAllText(path, "xyz");
        File.SetLastWriteTimeUtc(path, time);

        var after = FileIdentity.Of(path)!.Value;
        Assert.Equal((before.SizeBytes, before.ModifiedNs, before.Inode),
            (after.SizeBytes, after.ModifiedNs, after.Inode));
        Assert.NotEqual(before.ChangedNs, after.ChangedNs);
        Assert.Equal(ContentHash.Of("xyz"), cache.Of(path));
    }

    [Fact]
    public void FileReplacedByAnotherIsSeen()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        File.Move(_folder.Write("b", "xyz"), path, overwrite: true);
        Assert.Equal(ContentHash.Of("xyz"), cache.Of(path));
    }

    [Fact]
    public void WhileTheClockIsSetBackNothingIsTrusted()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromHours(-1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        cache.Save();
        Assert.Empty(SavedLines());
    }

    [Fact]
    public void FileThatBecameFreshIsForgotten()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        cache.Save();
        _clock.Advance(TimeSpan.FromMinutes(-1));
        File.WriteAllText(path, "xyz");
        Assert.Equal(ContentHash.Of("xyz"), cache.Of(path));
        cache.Save();
        Assert.Empty(SavedLines());
    }

    [Fact]
    public void DamagedCacheIsForgotten()
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        cache.Save();
        var text = File.ReadAllText(CachePath);
        for (var i = 0; i < text.Length; i += 7)
        {
            File.WriteAllText(CachePath, text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..]);
            Assert.Equal(ContentHash.Of("abc"), new HashCache(CachePath, _clock).Of(path));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public void AfterARestartOfTheMachineYoungFilesAreReadAgain(int minutes, bool believed)
    {
        var path = _folder.Write("a", "abc");
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        var cache = new HashCache(CachePath, _clock);
        cache.Of(path);
        cache.Save();
        Forge(path, "forged", boot: "another");
        Assert.Equal(ContentHash.Of(believed ? "forged" : "abc"), new HashCache(CachePath, _clock).Of(path));
    }

    [Fact]
    public void MissingFileIsNamed()
    {
        var e = Assert.Throws<FileNotFoundException>(() => new HashCache(CachePath, _clock).Of(_folder["none"]));
        Assert.Equal($"There is no file '{_folder["none"]}'.", e.Message);
    }

    [Fact]
    public void WhatIsNotChangedIsNotSaved()
    {
        new HashCache(CachePath, _clock).Save();
        Assert.False(File.Exists(CachePath));
    }

    public void Dispose() => _folder.Dispose();

    private static string Line(string path, string text)
    {
        var identity = FileIdentity.Of(path)!.Value;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{ContentHash.Of(text)} {identity.SizeBytes} {identity.ModifiedNs} {identity.ChangedNs} " +
            $"{identity.Inode} {path}");
    }

    private string[] SavedLines() => !File.Exists(CachePath) ? [] : File.ReadAllText(CachePath).Split('\n')[2..^2];

    private void Forge(string path, string text, string? boot = null)
    {
        var saved = File.ReadAllText(CachePath).Split('\n')[1];
        if (boot is not null)
            saved = saved.Split(" boot ")[0] + $" boot {boot}";
        var body = $"mlbuild-hashes 2\n{saved}\n{Line(path, text)}\n";
        File.WriteAllText(CachePath, $"{body}end {ContentHash.Of(body)}\n");
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan span) => _now += span;
    }
}
