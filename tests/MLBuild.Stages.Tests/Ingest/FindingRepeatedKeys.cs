using MLBuild.Stages.Ingest;
using MLBuild.Stages.Tests.Tables;

namespace MLBuild.Stages.Tests.Ingest;

/// <summary>Hashes of keys, few or more than memory may hold.</summary>
public sealed class FindingRepeatedKeys : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5_000, 1_000, 1)]
    [InlineData(5_000, 1_000, 2)]
    [InlineData(5_000, 16, 3)]
    [InlineData(5_000, 100_000, 4)]
    [InlineData(200_000, 1_000_000, 5)]
    [InlineData(200_000, 150_000, 6)]
    public void AreThoseOfAPlainCountWhetherSpilledOrNot(int count, int mostInMemory, int seed)
    {
        var random = new Random(seed);
        var hashes = Enumerable.Range(0, count)
            .Select(_ => (ulong)random.NextInt64(0, count * 4 / 5) * 0x9E37_79B9_7F4A_7C15).ToArray();
        var rows = hashes.Select((_, i) => (long)i).ToArray();
        using var keys = new KeyHashes(_folder["keys"], mostInMemory);
        for (var i = 0; i < hashes.Length; i += 70)
            keys.Add(hashes.AsSpan(i, Math.Min(70, hashes.Length - i)), rows.AsSpan(i, Math.Min(70, rows.Length - i)));
        var expected = rows.GroupBy(row => hashes[row]).Where(group => group.Count() > 1).OrderBy(group => group.Key)
            .SelectMany(group => group.Select(row => (group.Key, row)));
        Assert.Equal(expected, keys.Repeated());
        Assert.Equal(mostInMemory < count, Directory.GetFiles(_folder["."], "keys-*").Length > 0);
    }

    [Fact]
    public void FilesAreRemoved()
    {
        using (var keys = new KeyHashes(_folder["keys"], mostInMemory: 0))
            keys.Add([1, 2, 3], [1, 2, 3]);
        Assert.Empty(Directory.GetFiles(_folder["."]));
    }
}
