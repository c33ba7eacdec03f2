namespace MLBuild.Store.Tests;

/// <summary>Files that appear complete or not at all.</summary>
public sealed class WritingAtomically : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void InterruptedWriteLeavesTheOldTextAndNothingElse()
    {
        _folder.Write("a", "old");
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(_folder["a"], stream =>
        {
            stream.Write("ne"u8);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal(["a"], StoreLayout.FilesIn(_folder.Path));
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void ReadOnlyFileIsReplaced()
    {
        File.SetAttributes(_folder.Write("a", "old"), FileAttributes.ReadOnly);
        AtomicFile.WriteText(_folder["a"], "new ü");
        Assert.Equal("new ü"u8.ToArray(), File.ReadAllBytes(_folder["a"]));
        Assert.False(File.GetAttributes(_folder["a"]).HasFlag(FileAttributes.ReadOnly));
    }

    [Fact]
    public void WhileItIsWrittenItIsBesideItsPlaceUnderAMarkedName()
    {
        AtomicFile.Write(_folder["new/a"], _ =>
        {
            var beside = Assert.Single(StoreLayout.FilesIn(_folder["new"]));
            Assert.Matches($"^a\\.tmp-{Environment.ProcessId}-[0-9a-f]{{32}}$", beside);
            Assert.True(AtomicFile.IsTemporary(_folder[beside]));
        });
        Assert.False(AtomicFile.IsTemporary(_folder["new/a"]));
        Assert.False(AtomicFile.IsTemporary(_folder["a.tmp-1-x"]));
    }

    public void Dispose() => _folder.Dispose();
}
