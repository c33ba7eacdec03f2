using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>A value in a text for people ends where one sees it end, and nothing in it is unseen.</summary>
public sealed class ShowingValues
{
    [Theory]
    [InlineData("fax", "fax")]
    [InlineData("7", "7")]
    [InlineData("New York", "New York")]
    [InlineData("2019-01-31 00:00:00", "2019-01-31 00:00:00")]
    [InlineData("Größe 請", "Größe 請")]
    [InlineData(null, "(none)")]
    [InlineData("(none)", "'(none)'")]
    [InlineData("", "''")]
    [InlineData(" ", "' '")]
    [InlineData(" fax", "' fax'")]
    [InlineData("fax ", "'fax '")]
    [InlineData("a  b", "'a  b'")]
    [InlineData("a, b", "'a, b'")]
    [InlineData("it's", "'it's'")]
    [InlineData("fax\t", "'fax\\t'")]
    [InlineData("a\r\nb", "'a\\r\\nb'")]
    [InlineData("\u0000\u001b[31m", "'\\0\\u001b[31m'")]
    [InlineData("a\u200bb\ufeff", "'a\\u200bb\\ufeff'")]
    [InlineData("a\u00a0b", "'a\\u00a0b'")]
    [InlineData("\u202eabc", "'\\u202eabc'")]
    [InlineData("\U000E0041", "'\\U000e0041'")]
    public void AValueIsQuotedWhereItsEndsOrCharactersAreNotSeen(string? value, string shown) =>
        Assert.Equal(shown, ValueText.Of(value));

    [Fact]
    public void QuotesMayBeAsked() => Assert.Equal(["'fax'", "''"], [ValueText.Quoted("fax"), ValueText.Quoted("")]);

    [Fact]
    public void LongValuesAreCutAndNeverInACharacter()
    {
        Assert.Equal(new string('a', 80), ValueText.Of(new('a', 80)));
        Assert.Equal(new string('a', 80) + "…", ValueText.Of(new('a', 81)));
        Assert.Equal($"'{new string('a', 79)}…'", ValueText.Quoted(new string('a', 79) + "𝒳b"));
        Assert.Equal(@"\t\t…", ValueText.Seen("\t\t\t", longest: 5));
    }

    [Fact]
    public void ABrokenRowTellsItsValuesApart() =>
        Assert.Equal(
            "' ', (none), a b", new BrokenRow("a.csv", 2, "rule", [new("x", " "), new("y", null), new("z", "a b")])
                .Value);
}
