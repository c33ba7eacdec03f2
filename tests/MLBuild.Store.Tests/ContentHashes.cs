namespace MLBuild.Store.Tests;

/// <summary>Hashes as names.</summary>
public sealed class ContentHashes
{
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    // FIPS 180-2, appendix B; the empty text from NIST's SHAVS byte vectors.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", Abc)]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void IsSha256(string text, string hex) => Assert.Equal(hex, ContentHash.Of(text).Hex);

    [Fact]
    public void FileLongerThanTheBufferIsHashedWhole()
    {
        using var folder = new TempFolder();
        // FIPS 180-2, appendix B.3: a million times "a".
        var path = folder.Write("a", new string('a', 1_000_000));
        Assert.Equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", FileHasher.Hash(path).Hex);
        using var copy = new MemoryStream();
        Assert.Equal(FileHasher.Hash(path), FileHasher.Copy(path, copy));
        Assert.Equal(1_000_000, copy.Length);
    }

    [Fact]
    public void LetterCaseDoesNotMatter() =>
        Assert.Equal(ContentHash.Of("abc"), ContentHash.Parse(Abc.ToUpperInvariant()));

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf")]
    [InlineData(Abc + "0")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void OtherTextIsNoHash(string text)
    {
        Assert.False(ContentHash.TryParse(text, out _));
        Assert.Equal($"'{text}' is not a content hash: expected 64 hexadecimal digits.",
            Assert.Throws<FormatException>(() => ContentHash.Parse(text)).Message);
    }

    [Fact]
    public void ShortIsForPeople() => Assert.Equal("ba7816bf", ContentHash.Of("abc").Short);
}
