using MLBuild.Engine.Recipes;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Recipes;

/// <summary>The recipe's text: one for each recipe, and each back to one.</summary>
public sealed class WritingRecipes
{
    // What breaks a careless encoding: separators, escapes, their halves, nothing, and lone halves of surrogate pairs.
    private static readonly string[] Nasty =
    [
        "", " ", "a", "A", "\t", "\n", "\r", "\r\n", "\\", "\\\\", "\\t", "\\n", "\\u", "\\ud800", "\ud800", "\udc00",
        "\udc00\ud800",
        "😀", "\ufffd", "\0", "a\tb", "a\\", "\\a", "input", "\tfile\t", "1", "ä", "a\u0308", "\u2028", "'", "\"",
    ];

    [Fact]
    public void TextIsPinned()
    {
        var recipe = new Recipe(
        [
            new(RecipeKind.Output, "model.zip", "file", ""),
            new(RecipeKind.Input, "Split/train.parquet", "file", ContentHash.Of("abc").Hex),
            new(RecipeKind.Parameter, "Note", "string", "tab\tback\\slash\nline"),
            new(RecipeKind.Semantics, "mlbuild", "number", "1"),
            new(RecipeKind.Stage, "Train", "text", ""),
            new(RecipeKind.Parameter, "LearningRate", "double", "0.05"),
        ]);
        Assert.Equal("mlbuild-recipe 1\n" +
            "semantics\tmlbuild\tnumber\t1\n" +
            "stage\tTrain\ttext\t\n" +
            "parameter\tLearningRate\tdouble\t0.05\n" +
            "parameter\tNote\tstring\ttab\\tback\\\\slash\\nline\n" +
            "input\tSplit/train.parquet\tfile\tba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n" +
            "output\tmodel.zip\tfile\t\n", recipe.Text);
        Assert.Equal("e6fb340900805c181b003f1b55ec0b6b2924c7a36f694038e19e1422bff86b89", recipe.Fingerprint.Hex);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TwoRecipesNeverShareATextAndEachComesBack(int seed)
    {
        var random = new Random(seed);
        var byFingerprint = new Dictionary<ContentHash, Recipe>();
        for (var i = 0; i < 4000; i++)
        {
            var recipe = Any(random);
            var back = Recipe.Parse(recipe.Text);
            Assert.Equal(recipe.Entries, back.Entries);
            Assert.Equal(recipe.Text, back.Text);
            if (!byFingerprint.TryAdd(recipe.Fingerprint, recipe))
                Assert.Equal(byFingerprint[recipe.Fingerprint].Entries, recipe.Entries);
        }
        Assert.True(byFingerprint.Count > 1000);
    }

    [Fact]
    public void EveryPairOfNastyTextsIsToldApart()
    {
        var prints = from name in Nasty
                     from type in Nasty
                     from value in Nasty
                     select new Recipe([new(RecipeKind.Parameter, name, type, value)]).Fingerprint;
        Assert.Equal(Nasty.Length * Nasty.Length * Nasty.Length, prints.Distinct().Count());
    }

    [Fact]
    public void OrderOfEntriesDoesNotMatter()
    {
        var random = new Random(4);
        for (var i = 0; i < 100; i++)
        {
            var entries = Any(random).Entries.ToArray();
            var text = new Recipe(entries).Text;
            random.Shuffle(entries);
            Assert.Equal(text, new Recipe(entries).Text);
        }
    }

    [Fact]
    public void LinesOfCodeGiveTheTextThatTheirEntriesGive()
    {
        RecipeEntry[] own =
        [
            new(RecipeKind.Stage, "Train", "text", ""), new(RecipeKind.Output, "b", "file", ""),
            new(RecipeKind.Input, "a\tb", "file", "1"),
        ];
        RecipeEntry[] code =
        [
            new(RecipeKind.Package, "P", "version", "1"), new(RecipeKind.Code, "z", "method", "2"),
            new(RecipeKind.Code, "a\n", "method", "3"), new(RecipeKind.Framework, "target", "text", "net10.0"),
        ];
        var whole = new Recipe([.. own, .. code]);
        var joined = new Recipe(own, RecipeLines.Of(code));
        Assert.Equal(whole.Text, joined.Text);
        Assert.Equal(whole.Entries, joined.Entries);
        Assert.Equal(whole.Fingerprint, Recipe.Parse(joined.Text).Fingerprint);
    }

    [Fact]
    public void EveryKindHasItsPlace() => Assert.Equal(Enum.GetValues<RecipeKind>(), RecipeLines.Kinds);

    [Fact]
    public void TwoEntriesWithOneNameAreRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => new Recipe(
            [new(RecipeKind.Input, "a", "file", "1"), new(RecipeKind.Input, "a", "folder", "2")]));
        Assert.Equal("A recipe has two entries 'Input a'. Give one of them another name.", e.Message);
        _ = new Recipe([new(RecipeKind.Input, "a", "file", "1"), new(RecipeKind.Output, "a", "file", "1")]);
    }

    [Theory]
    [InlineData("", "This text is not a recipe of this version of MLBuild.")]
    [InlineData("mlbuild-recipe 2\n", "This text is not a recipe of this version of MLBuild.")]
    [InlineData("mlbuild-recipe 1\na\tb\tc\n", "'a\tb\tc' is not a line of a recipe.")]
    [InlineData("mlbuild-recipe 1\ncolour\tb\tc\td\n", "'colour' is not a kind of recipe entry.")]
    [InlineData("mlbuild-recipe 1\ncode\tb\\x\tc\td\n", "'b\\x' is not escaped as a recipe is.")]
    [InlineData("mlbuild-recipe 1\ncode\tb\\\tc\td\n", "'b\\' is not escaped as a recipe is.")]
    [InlineData("mlbuild-recipe 1\ncode\tb\\u12\tc\td\n", "'b\\u12' is not escaped as a recipe is.")]
    public void OtherTextIsNoRecipe(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Recipe.Parse(text)).Message);

    private static Recipe Any(Random random) => new(Enumerable.Range(0, random.Next(4))
        .Select(_ => new RecipeEntry((RecipeKind)random.Next(Enum.GetValues<RecipeKind>().Length), Text(random),
            Text(random), Text(random)))
        .DistinctBy(entry => (entry.Kind, entry.Name)));

    private static string Text(Random random) => string.Concat(random.GetItems(Nasty, random.Next(3)));
}
