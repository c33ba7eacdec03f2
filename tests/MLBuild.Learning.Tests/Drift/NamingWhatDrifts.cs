using System.Text.Json;
using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>A person reads which word, or which category, has moved, and not the number of a slot or a code.</summary>
public sealed class NamingWhatDrifts
{
    [Fact]
    public void ASlotIsCalledByTheWordThatMoved()
    {
        var profile = Slot(("invoice", 300), ("crash", 290));
        Assert.Equal("text 'invoice', 'crash' (text_087)", profile.Title);
        var drift = Judge(profile, ("invoice", 160), ("crash", 600));
        Assert.Equal(DriftVerdict.Drift, drift.Verdict);
        Assert.Equal("text_087", drift.Name);
        Assert.StartsWith("text 'crash' (text_087): drift; PSI ", drift.Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public void AWordThatTrainingRowsLackIsNamedToo() =>
        Assert.StartsWith(
            "text 'outage' (text_087): drift; ", Judge(Slot(("invoice", 300)), ("invoice", 160), ("outage", 500))
                .Sentence(), StringComparison.Ordinal);

    [Fact]
    public void WordsThatMovedAboutAsMuchAreAllNamed() =>
        Assert.StartsWith(
            "text 'crash', 'outage' (text_087): ",
            Judge(Slot(("invoice", 300)), ("invoice", 160), ("outage", 250), ("crash", 300)).Sentence(),
            StringComparison.Ordinal);

    // A prediction log has features and no words.
    [Fact]
    public void WithoutCurrentWordsThoseOfTrainingNameTheSlot() =>
        Assert.StartsWith(
            "text 'invoice' (text_087): drift; ", Judge(Slot(("invoice", 300), ("rare", 20))).Sentence(),
            StringComparison.Ordinal);

    [Fact]
    public void ASlotWithoutAFrequentWordSaysSo() =>
        Assert.Equal("text, no frequent word (text_087)", Slot().Title);

    [Fact]
    public void TooFewRowsAreToldOfWordsToo()
    {
        var counter = Slot(("invoice", 300)).NewCounter();
        Assert.Equal(
            "text 'invoice' (text_087): not enough data; n=1524 reference and m=0 current rows, each side needs 100.",
            DriftReport.Compare([counter], new()).Features.Single().Sentence());
    }

    [Fact]
    public void WordsOfPartsAddUp()
    {
        var profile = Slot(("invoice", 300));
        var counter = profile.NewCounter();
        counter.Add(Count(profile, ("outage", 200)).ToTally());
        counter.Add(Count(profile, ("outage", 300), ("invoice", 160)).ToTally());
        Assert.Equal([new CategoryCount("outage", 500), new("invoice", 160)], counter.ToTally().Others.ToArray());
        Assert.Equal(
            "text 'outage' (text_087)", DriftReport.Compare([counter], new()).Features.Single().ShownName);
    }

    // Order numbers are in one text each, and there may be any number of them.
    [Fact]
    public void WordsThatComeOnceLeaveRoomForThoseThatComeAgain()
    {
        var counter = (NumericBinCounter)Slot().NewCounter();
        for (var row = 0; row < 100_000; row++)
        {
            counter.AddWord($"n{row}");
            if (row >= 50_000 && row % 10 == 0)
                counter.AddWord("outage");
        }
        var outage = Assert.Single(counter.ToTally().Others);
        Assert.Equal("outage", outage.Category);
        Assert.InRange(outage.Rows, 5_000 - (105_000 / 33), 5_000);
    }

    // It may be a name, and says little.
    [Fact]
    public void AWordOfFewRowsIsNotKept() =>
        Assert.Equal([new CategoryCount("five", 5)], Slot(("four", 4), ("five", 5)).Words!.Most.ToArray());

    [Fact]
    public void ProfilesKeepWordsAndTexts()
    {
        FeatureProfile[] profiles = [Slot(("invoice", 300)), Channel()];
        var json = JsonSerializer.Serialize(profiles);
        var read = JsonSerializer.Deserialize<FeatureProfile[]>(json)!;
        Assert.Equal("text 'invoice' (text_087)", read[0].Title);
        Assert.Equal("'phone'", read[1].BinLabel(0));
        Assert.Equal(json, JsonSerializer.Serialize(read));
    }

    // Of a model from before words and texts were kept.
    [Fact]
    public void AnOlderProfileReadsWithPlainNames()
    {
        var json = JsonSerializer.Serialize<FeatureProfile>(Samples.Numbers("text_087", Samples.Range(0, 1, 400)));
        Assert.DoesNotContain("Words", json, StringComparison.Ordinal);
        Assert.Equal("text_087", JsonSerializer.Deserialize<FeatureProfile>(json)!.Title);
        var code = JsonSerializer.Serialize<FeatureProfile>(Channel())
            .Replace(",\"Values\":[\"mail\",\"chat\",\"phone\"]", "", StringComparison.Ordinal);
        Assert.Equal("'2'", JsonSerializer.Deserialize<FeatureProfile>(code)!.BinLabel(0));
    }

    [Fact]
    public void ACodeIsToldAsItsText()
    {
        var drift = Samples.Measure(Channel().Count(Samples.Repeat(("2", 100), ("0", 500))));
        Assert.Equal("channel", drift.ShownName);
        Assert.EndsWith("; most moved: 'phone' 66.7 % -> 16.7 %.", drift.Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeBehindTheListIsAnyOtherText()
    {
        var drift = Samples.Measure(Channel().Count(Samples.Repeat(("2", 100), ("0", 80), ("3", 240), ("1", 60))));
        Assert.EndsWith(
            "; most moved: new categories 0.0 % -> 62.5 %; new: any other text (240), 'chat' (60).",
            drift.Sentence(), StringComparison.Ordinal);
        Assert.Equal("'7'", Channel().LabelOf("7"));
    }

    [Fact]
    public void CategoriesThatAreNewAreNamed() =>
        Assert.EndsWith(
            "; most moved: 'Queens' 100.0 % -> 70.0 %; new: 'Moon' (100), 'Mars\\t' (50).",
            Samples.Measure(Samples.Categories("zone", Samples.Repeat(("Queens", 800)))
                .Count(Samples.Repeat(("Queens", 350), ("Moon", 100), ("Mars\t", 50)))).Sentence(),
            StringComparison.Ordinal);

    // Two in three are phone, the others mail; nobody ever chatted.
    private static CategoricalProfile Channel()
    {
        var builder = new CategoricalProfileBuilder("channel", FeatureRole.Feature, new())
        { Values = ["mail", "chat", "phone"] };
        for (var row = 0; row < 900; row++)
            builder.Add(row % 3 == 0 ? "0" : "2");
        return builder.Build() with { Categories = ["2", "0"], BinCounts = [400, 200, 0, 0] };
    }

    // 2,000 rows of which some have a word of the slot.
    private static NumericProfile Slot(params (string Word, int Rows)[] words)
    {
        var builder = new NumericProfileBuilder("text_087", FeatureRole.Feature, new()) { Text = "text" };
        var having = words.Sum(word => word.Rows);
        for (var row = 0; row < 2_000; row++)
            builder.Add(row < having ? 1 : 0);
        foreach (var (word, rows) in words)
        {
            for (var row = 0; row < rows; row++)
                builder.AddWord(word);
        }
        return builder.Build();
    }

    private static NumericBinCounter Count(NumericProfile profile, params (string Word, int Rows)[] words)
    {
        var counter = (NumericBinCounter)profile.NewCounter();
        foreach (var (word, rows) in words)
        {
            for (var row = 0; row < rows; row++)
            {
                counter.AddWord(word);
                counter.Add(1);
            }
        }
        while (counter.CurrentRows < 1_000)
            counter.Add(0);
        return counter;
    }

    private static FeatureDrift.Measured Judge(NumericProfile profile, params (string Word, int Rows)[] words) =>
        Samples.Measure(Count(profile, words));
}
