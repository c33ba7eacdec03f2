using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Features;

/// <summary>Texts become features by their words, each of which counts in the slot of its hash.</summary>
public sealed class CountingWords
{
    private sealed record Note(string? Text, string? Plan = null, int Length = 0);

    private static readonly FeatureSet<Note> Set = new FeatureSet<Note>()
        .Numeric("length", note => note.Length)
        .Words("text", note => note.Text, slots: 4)
        .Categorical("plan", note => note.Plan, ["free", "pro"]);

    [Theory]
    [InlineData("Can't re-open #42", "can t re open 42")]
    [InlineData("", "")]
    [InlineData(" -- ", "")]
    [InlineData("Größe ÉTÉ ПРИВЕТ", "größe été привет")]
    [InlineData("naïve e\u0301te\u0301", "naïve e\u0301te\u0301")]
    [InlineData("請幫忙 한국어", "請幫忙 한국어")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("a\u00a0b\tc\r\nd_e", "a b c d e")]
    [InlineData("I\u0130\u0131", "i\u0130\u0131")]
    [InlineData("𝒳 𐐀", "𝒳 𐐨")]
    [InlineData("½ ²", "")]
    public void WordsAreRunsOfLettersDigitsAndMarksInLowerCase(string text, string words) =>
        Assert.Equal(words, string.Join(' ', TextWords.Of(text)));

    [Fact]
    public void SlotsOfATextMoveTogetherWhereImportanceIsMeasured()
    {
        Assert.Equal(
            ["text: text_00, text_01, text_02, text_03"], FeatureGroup.WithTexts([], Set).Select(Told));
        // What the pipeline says stands.
        Assert.Equal(
            ["said: length, text_00", "text: text_01, text_02, text_03"],
            FeatureGroup.WithTexts([new("said", ["length", "text_00"])], Set).Select(Told));

        static string Told(FeatureGroup group) => $"{group.Name}: {string.Join(", ", group.Features)}";
    }

    [Fact]
    public void HalfASurrogatePairIsBetweenWords() => Assert.Equal(["a", "b"], TextWords.Of("a\ud83db"));

    // Models and servers of other processes count in these.
    [Theory]
    [InlineData("invoice", 64, 41)]
    [InlineData("refund", 64, 21)]
    [InlineData("größe", 64, 29)]
    [InlineData("invoice", 4096, 41)]
    public void SlotsAreTheSameInEveryProcess(string word, int slots, int slot) =>
        Assert.Equal(slot, TextWords.SlotOf(word, slots));

    [Fact]
    public void EachWordCountsInItsSlot()
    {
        var values = Set.Serve(FeatureState.None, new("Invoice invoice, refund!", "pro", 24));
        Assert.Equal(["length", "text_00", "text_01", "text_02", "text_03", "plan"], Set.Names);
        var expected = new float[4];
        expected[TextWords.SlotOf("invoice", 4)] += 2;
        expected[TextWords.SlotOf("refund", 4)] += 1;
        Assert.Equal([24f, .. expected, 1f], values);
        Assert.Equal(6, Set.Width);
        Assert.Equal(6, Set.Inputs.Count);
        Assert.Equal(6, Set.KnownAt.Count());
        Assert.Equal(6, Set.OutOfFold.Count());
    }

    [Fact]
    public void EachWordOfARowIsToldOnceWithItsFeature()
    {
        Assert.Equal(
            [(1 + TextWords.SlotOf("invoice", 4), "invoice"), (1 + TextWords.SlotOf("refund", 4), "refund")],
            Set.WordsOf(new("Invoice invoice, refund!", "pro", 24)));
        Assert.Empty(Set.WordsOf(new(null)));
    }

    [Fact]
    public void FeaturesSayWhatTheirNumbersAreAbout()
    {
        var meanings = Set.Meanings.ToArray();
        Assert.Equal([null, "text", "text", "text", "text", null], meanings.Select(meaning => meaning.Text));
        Assert.Equal(["free", "pro"], (IEnumerable<string>)[.. meanings[^1].Values]);
        Assert.Empty(meanings[0].Values);
    }

    [Fact]
    public void AbsentTextIsNaNAndAnEmptyOneZero()
    {
        Assert.Equal([0f, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN],
            Set.Serve(FeatureState.None, new(null)));
        Assert.Equal([0f, 0f, 0f, 0f, 0f, 2f], Set.Serve(FeatureState.None, new("", "gold")));
    }

    [Fact]
    public void OtherTextsShareTheCodeAfterTheLast() => Assert.Equal(
        [0f, 1f, 2f, 2f, 2f, float.NaN],
        ((string?[])["free", "pro", "Pro", "", "gold", null])
            .Select(plan => Set.Serve(FeatureState.None, new("", plan))[^1]));

    // By what a feature looks at it is told which columns change it, also where two texts have one code.
    [Fact]
    public void WhatIsLookedAtIsTheText() => Assert.Equal(
        [3f, "my text", "my text", "my text", "my text", "gold"],
        Set.Inputs.Select(input => input(new("my text", "gold", 3))));

    [Fact]
    public void TrainingRowsAreCountedAsServedOnes()
    {
        var set = Set.Frequency("plan_share", note => note.Plan);
        var fit = set.BeginFit();
        Note[] notes = [new("Invoice", "free", 7), new(null, "pro"), new("my refund", "free")];
        foreach (var note in notes)
            fit.Add(note, RowKey.Of(note.Text ?? ""));
        var fitted = fit.Complete();
        foreach (var note in notes)
        {
            var (training, served) = (new float[set.Width], new float[set.Width]);
            fitted.ComputeTraining(note, RowKey.Of(note.Text ?? ""), training);
            fitted.Others.Compute(note, served);
            Assert.Equal(training, served);
        }
    }

    [Fact]
    public void ThereAreEnoughSlotsWhereNobodySays() => Assert.Equal(
        "text_000 to text_255", FeatureNames.InWords(new FeatureSet<Note>().Words("text", note => note.Text).Names));

    [Theory]
    [InlineData(1)]
    [InlineData(4097)]
    public void SlotsAreSoMany(int slots)
    {
        var error = Assert.Throws<ArgumentException>(() => Set.Words("more", note => note.Text, slots));
        Assert.Equal($"The words of 'more' have {slots} slots, expected 2 to 4096.", error.Message);
    }

    [Fact]
    public void ATextNeedsAName()
    {
        var error = Assert.Throws<ArgumentException>(() => Set.Words(" ", note => note.Text));
        Assert.Equal("A text of Note has no name.", error.Message);
    }

    [Fact]
    public void ASlotIsCalledAsNoOtherFeature()
    {
        var error = Assert.Throws<ArgumentException>(
            () => Set.Numeric("more_01", _ => 1).Words("more", note => note.Text, slots: 2));
        Assert.Equal("Features share a name: 'more_01'. Give each its own.", error.Message);
    }

    [Fact]
    public void ListedTextsAreListedOnce()
    {
        Assert.Equal("Feature 'country' has no values, expected at least one.", Refusal([]));
        Assert.Equal("Feature 'country' has the value 'fr' twice. List it once.", Refusal(["fr", "de", "fr"]));
        Assert.Equal("Feature 'country' has the value null, expected texts.", Refusal(["fr", null!]));

        static string Refusal(string[] values) => Assert.Throws<ArgumentException>(
            () => Set.Categorical("country", note => note.Plan, values)).Message;
    }
}
