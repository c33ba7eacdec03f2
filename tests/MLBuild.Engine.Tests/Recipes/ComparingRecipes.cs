using MLBuild.Engine.Recipes;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Recipes;

/// <summary>Differences between recipes, in the words that people read.</summary>
public sealed class ComparingRecipes
{
    private static readonly string One = ContentHash.Of("1").Hex;
    private static readonly string Two = ContentHash.Of("2").Hex;

    [Fact]
    public void EqualRecipesHaveNoDifference() => Assert.Empty(RecipeDiff.Between(Of(Entry("a")), Of(Entry("a"))));

    [Fact]
    public void DifferencesComeInTheOrderOfTheText() => Assert.Equal(
        ["parameter 'a' changed: 1 -> 2", "parameter 'b' is new: 1", "input 'z' is gone"],
        RecipeDiff.Between(
            Of(Entry("z", kind: RecipeKind.Input), Entry("same"), Entry("a")),
            Of(Entry("b"), Entry("same"), Entry("a", value: "2"))).Select(change => change.ToString()));

    [Theory]
    [InlineData(RecipeKind.Semantics, "MLBuild's own semantics")]
    [InlineData(RecipeKind.Framework, "runtime setting x")]
    [InlineData(RecipeKind.Stage, "the stage")]
    [InlineData(RecipeKind.Partition, "the partition")]
    [InlineData(RecipeKind.Parameter, "parameter 'x'")]
    [InlineData(RecipeKind.Input, "input 'x'")]
    [InlineData(RecipeKind.Observed, "observed 'x'")]
    [InlineData(RecipeKind.Package, "package x")]
    [InlineData(RecipeKind.Output, "output 'x'")]
    public void EveryKindHasItsWords(RecipeKind kind, string words)
    {
        Assert.Equal($"{words} changed: 1 -> 2",
            RecipeDiff.Between(Of(Entry("x", "1", kind)), Of(Entry("x", "2", kind)))[0].ToString());
        Assert.Equal($"{words} is gone", RecipeDiff.Between(Of(Entry("x", "1", kind)), Of())[0].ToString());
        Assert.StartsWith($"{words} is new", RecipeDiff.Between(Of(), Of(Entry("x", "1", kind)))[0].ToString());
    }

    [Theory]
    [InlineData("method", "Taxi::Model.HourBand(int)", "method Model.HourBand changed")]
    [InlineData("method", "Taxi::Model.constructor(int, string)", "method Model.constructor changed")]
    [InlineData("method", "::Build.Train.get() (lambda)", "method Build.Train (lambda) changed")]
    [InlineData("type", "Taxi::Trip", "type Trip changed")]
    [InlineData("field", "Taxi::Model.FirstDay", "field Model.FirstDay changed")]
    [InlineData("resource", "zones.csv", "resource zones.csv changed")]
    [InlineData("assembly", "Loose", "assembly Loose changed")]
    [InlineData("version", "code", "the code's version changed: 1 -> 2")]
    public void CodeIsNamedByItsMembers(string type, string name, string words) => Assert.Equal(words,
        RecipeDiff.Between(Of(new RecipeEntry(RecipeKind.Code, name, type, "1")),
            Of(new RecipeEntry(RecipeKind.Code, name, type, "2")))[0].ToString());

    [Fact]
    public void EditedMethodsComeBeforeWhatTheyBring() => Assert.Equal(
        "method Z.Edited changed; type B.Also changed; method A.New is new; and 2 more",
        RecipeDiff.Sentence(RecipeDiff.Between(
            Of(Member("method", "N::A.Gone()"), Member("method", "N::Z.Edited()"), Member("type", "N::B.Also")),
            Of(Member("method", "N::A.New()"), Member("method", "N::Z.Edited()", "2"),
                Member("type", "N::B.Also", "2"), Member("type", "N::A.Type")))));

    [Fact]
    public void HashesAreShort() => Assert.Equal("input 'a' changed: 6b86b273 -> d4735e3a",
        RecipeDiff.Between(Of(Entry("a", One, RecipeKind.Input)), Of(Entry("a", Two, RecipeKind.Input)))[0].ToString());

    [Fact]
    public void HashesWithinAValueAreShortToo()
    {
        Assert.Equal("observed 'champion' changed: none -> v2 model=6b86b273 state=d4735e3a",
            RecipeDiff.Between(Of(Entry("champion", "none", RecipeKind.Observed)),
                Of(Entry("champion", $"v2 model={One} state={Two}", RecipeKind.Observed)))[0].ToString());
        // What is longer, shorter or part of a word is something else.
        foreach (var other in (string[])[One + "0", One[1..], "x" + One, One + "é"])
            Assert.Equal($"parameter 'a' is new: {other}",
                RecipeDiff.Between(Of(), Of(Entry("a", other)))[0].ToString());
    }

    [Fact]
    public void ChangedTypeIsShownWithTheValue()
    {
        Assert.Equal("parameter 'a' changed: int32 1 -> string 1",
            RecipeDiff.Between(Of(Entry("a")), Of(Entry("a") with { Type = "string" }))[0].ToString());
        Assert.Equal("parameter 'a' changed: int32 1 -> null",
            RecipeDiff.Between(Of(Entry("a")), Of(Entry("a", "") with { Type = "null" }))[0].ToString());
    }

    private static Recipe Of(params RecipeEntry[] entries) => new(entries);

    private static RecipeEntry Member(string type, string name, string value = "1") =>
        new(RecipeKind.Code, name, type, value);

    private static RecipeEntry Entry(string name, string value = "1", RecipeKind kind = RecipeKind.Parameter) =>
        new(kind, name, "int32", value);
}
