using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Code.Samples;

namespace MLBuild.Engine.Tests.Code;

/// <summary>Values that a stage's code finds in its delegate are in its recipe, secrets excepted.</summary>
public sealed class CapturingValues
{
    private static readonly ReachabilityFingerprint Code = ReachabilityFingerprint.OfThisProgram();

    [Fact]
    public void MembersThatAreReadAreNamed() => Assert.Equal(["Build.Epochs int32 3", "Build.Rate double 0.5"],
        Captured(new Build().Undeclared));

    [Fact]
    public void ChangeIsSaidInWords() => Assert.Equal("captured 'Build.Epochs' changed: 3 -> 5", RecipeDiff.Sentence(
        RecipeDiff.Between(new(Code.Of(new Build().Undeclared).Entries),
            new(Code.Of(new Build { Epochs = 5 }.Undeclared).Entries))));

    [Fact]
    public void MembersThatAreNotReadDoNotCount() => Assert.Equal(Code.Of(new Build().Undeclared).Entries,
        Code.Of(new Build { Unread = 2 }.Undeclared).Entries);

    [Fact]
    public void LocalsAreToldApartByOrder() =>
        Assert.Equal(["local 1 of Build.Local double 0.25"], Captured(Build.Local(0.25)));

    [Fact]
    public void ListsAreWalkedAndDelegatesAreCode()
    {
        var stage = new Build().Listing;
        Assert.Equal(
            ["Build.Layers list 2", "Build.Layers[0] int32 8", "Build.Layers[1] int32 4", "Build.Score delegate"],
            Captured(stage).Select(line => line.StartsWith("Build.Score", StringComparison.Ordinal)
                ? "Build.Score delegate" : line));
        var other = new Build { Score = x => x - 1 };
        Assert.NotEqual(Code.Of(stage).Entries, Code.Of(other.Listing).Entries);
    }

    [Fact]
    public void SecretsAreLeftOutAndSaid()
    {
        var reading = Code.Of(new Build().Secretive);
        Assert.Equal(["Build.Token secret "], Captured(new Build().Secretive));
        Assert.DoesNotContain(reading.Entries, entry => entry.Value.Contains("hush", StringComparison.Ordinal));
        Assert.StartsWith("reads the secret Build.Token, whose value is left out of the recipe, without declaring it",
            Assert.Single(reading.Findings).ToString());
    }

    [Fact]
    public void ObjectsWithoutTextAreRefused()
    {
        using var client = new HttpClient();
        Assert.Equal("Stage 'Train' reads 'Build.Client', a HttpClient, whose value no recipe can hold. Create it " +
            "inside the stage from options, or track the stage's code by Version(\"1\").",
            Assert.Throws<PipelineException>(() => Code.Of(new Build { Client = client }.Opaque)).Message);
    }

    [Fact]
    public void StaticFieldsThatOthersChangeCount()
    {
        var reading = Code.Of(new StageBuilder(new("Train")).Writes("out.txt").Runs(Plain.Count).Build());
        Assert.Contains(reading.Entries, entry => entry is { Kind: RecipeKind.Captured, Name: "Plain.Counter" });
        Assert.Equal(["reads the static field Plain.Counter, which other code may change: Plain.Count, Samples.cs:19"],
            reading.Findings.Select(finding => finding.ToString()));
    }

    private static IEnumerable<string> Captured(Stage stage) => Code.Of(stage).Entries
        .Where(entry => entry.Kind == RecipeKind.Captured)
        .Select(entry => $"{entry.Name} {entry.Type} {entry.Value}").Order(StringComparer.Ordinal);
}
