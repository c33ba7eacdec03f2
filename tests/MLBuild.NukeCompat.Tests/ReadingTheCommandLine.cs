namespace MLBuild.NukeCompat.Tests;

/// <summary>What is typed becomes targets and switches.</summary>
public class ReadingTheCommandLine
{
    [Fact]
    public void TargetsStandBeforeTheFirstSwitch()
    {
        var line = CommandLine.Parse(["Ingest", "Train", "--epochs", "5", "Deploy", "--force"]);

        Assert.Equal(["Ingest", "Train"], line.Targets);
        Assert.Equal(["5", "Deploy"], line.Find("Epochs")!.Values);
        Assert.Equal([], line.Find("Force")!.Values);
    }

    [Theory]
    [InlineData("-0.5")]
    [InlineData("-1")]
    [InlineData("-1e-3")]
    [InlineData("-.5")]
    public void NegativeNumberIsAValue(string number) =>
        Assert.Equal([number, "2"], CommandLine.Parse(["--rates", number, "2"]).Find("Rates")!.Values);

    [Theory]
    [InlineData("--learning-rate")]
    [InlineData("--LearningRate")]
    [InlineData("-learningrate")]
    [InlineData("--LEARNING-RATE")]
    public void CaseAndDashesDoNotCount(string typed)
    {
        var line = CommandLine.Parse([typed, "1"]);

        Assert.Equal(typed, line.Find("LearningRate")!.Typed);
        Assert.Null(line.Find("LearningRates"));
    }

    [Fact]
    public void LastOfSeveralWins() =>
        Assert.Equal(["2"], CommandLine.Parse(["--seed", "1", "--seed", "2"]).Find("Seed")!.Values);

    [Fact]
    public void EqualsSignTakesOneValue()
    {
        var typed = CommandLine.Parse(["--filter=a=b", "Train", "--x="]);

        Assert.Equal(["a=b"], typed.Find("Filter")!.Values);
        Assert.Equal(["Train"], typed.Find("Filter")!.Strays);
        Assert.Equal([""], typed.Find("X")!.Values);
    }
}
