using MLBuild.Engine;

namespace MLBuild.NukeCompat.Tests;

/// <summary>Names that do not exist, and names as they are typed.</summary>
public class GuessingNames
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("epochs", "epochs", 0)]
    [InlineData("epohcs", "epochs", 1)]
    [InlineData("epocs", "epochs", 1)]
    [InlineData("epochss", "epochs", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void DistanceCountsSingleMistakes(string a, string b, int distance)
    {
        Assert.Equal(distance, EditDistance.Of(a, b));
        Assert.Equal(distance, EditDistance.Of(b, a));
    }

    [Theory]
    [InlineData("--epohcs", " Did you mean '--epochs'?")]
    [InlineData("--learnigrate", " Did you mean '--learning-rate'?")]
    [InlineData("--LEARNING_RATE", " Did you mean '--learning-rate'?")]
    [InlineData("--mdoel", " Did you mean '--model'?")]
    [InlineData("--rate", " Did you mean '--learning-rate'?")]
    [InlineData("--Learning", " Did you mean '--learning-rate'?")]
    [InlineData("--earning", "")]
    [InlineData("--verbose", "")]
    [InlineData("--x", "")]
    public void OnlyNearNamesAreSuggested(string typed, string suggestion) =>
        Assert.Equal(suggestion, Spelling.Suggest(typed, ["--epochs", "--learning-rate", "--model", "--rows"]));

    [Theory]
    [InlineData("LearningRate", "learning-rate")]
    [InlineData("MLPath", "ml-path")]
    [InlineData("GitHubToken", "github-token")]
    [InlineData("Http2Port", "http2-port")]
    [InlineData("seed", "seed")]
    public void WordsOfAName(string name, string dashed) => Assert.Equal(dashed, Words.Dashed(name));
}
