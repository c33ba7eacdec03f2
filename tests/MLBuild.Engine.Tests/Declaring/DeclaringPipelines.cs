using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Declaring;

/// <summary>What can be declared wrongly, and what is said of it: all faults at once.</summary>
public sealed class DeclaringPipelines
{
    [Fact]
    public void WellDeclaredStagesAreFoundInAnyLetterCase()
    {
        var pipeline =
            new Pipeline([Stage("Split"), Stage("Train", builder => builder.Reads(new("Split"), "out.txt"))]);
        Assert.Equal(["Split", "Train"], pipeline.Stages.Select(stage => $"{stage.Name}"));
        Assert.Same(pipeline[new("Train")], pipeline.Find("tRAIN"));
    }

    [Fact]
    public void AllFaultsAreInOneMessage() => Assert.Equal(
        """
        The pipeline has 3 faults:
          - Stage 'Split' writes nothing, so there is nothing to keep. Declare its outputs with Writes, or use AlwaysRuns.
          - Stage 'Train' reads 'Spilt', which is not a stage. Stages: Split, Train. Did you mean 'Split'?
          - Stage 'Train' writes 'model.zip' twice. Give one of them another name.
        """.ReplaceLineEndings("\n").Split('\n').Order(),
        Message(
            new StageBuilder(new("Split")).Runs(Nothing).Build(),
            Stage("Train", builder => builder.Reads(new("Spilt")).Writes("model.zip", "model.zip/"))).Split('\n')
                .Order());

    [Fact]
    public void StageWithoutCode() => Assert.Equal(
        "Stage 'Train' has no code. Give it some with Runs, or a program with RunsCommand.",
        Message(new StageBuilder(new("Train")).Writes("out.txt").Build()));

    [Fact]
    public void StageWithoutOutputsMayAct() =>
        _ = new Pipeline([new StageBuilder(new("Deploy")).AlwaysRuns().Runs(Nothing).Build()]);

    [Fact]
    public void TwoStagesWithOneName() => Assert.Equal(
        "Two stages are named 'Train' and 'train'. Rename one: upper and lower case do not count.",
        Message(Stage("Train"), Stage("train")));

    [Fact]
    public void UnknownOutput() => Assert.Equal(
        "Stage 'Train' reads 'tran.parquet', which 'Split' does not write. It writes: out.txt, train.parquet. Did " +
        "you mean 'train.parquet'?",
        Message(Stage("Split", b => b.Writes("train.parquet")),
            Stage("Train", b => b.Reads(new("Split"), "tran.parquet"))));

    [Fact]
    public void OutputOfAStageThatWritesNothing() => Assert.Equal(
        "Stage 'Train' reads 'done.txt', which 'Deploy' does not write. It writes: nothing.",
        Message(new StageBuilder(new("Deploy")).AlwaysRuns().Runs(Nothing).Build(),
            Stage("Train", b => b.Reads(new("Deploy"), "done.txt"))));

    [Theory]
    [InlineData("Tain", " Did you mean 'Train'?")]
    [InlineData("Trainn", " Did you mean 'Train'?")]
    [InlineData("Trian", " Did you mean 'Train'?")]
    [InlineData("train", " Did you mean 'Train'?")]
    [InlineData("Niart", "")]
    [InlineData("", "")]
    public void SuggestionIsAtMostAThirdOfTheLettersAway(string typed, string suggestion) =>
        Assert.Equal(suggestion, Suggestion.For(typed, ["Split", "Train", "Evaluate"]));

    [Fact]
    public void NothingIsSuggestedWhereNothingIsNear() => Assert.EndsWith("Stages: Split, Train.",
        Message(Stage("Split"), Stage("Train", b => b.Reads(new("Weather")))));

    [Fact]
    public void EveryCycleIsNamed() => Assert.Equal(
        """
        The pipeline has 3 faults:
          - Pipeline has a cycle: A -> B -> C -> A. Remove one of these inputs.
          - Pipeline has a cycle: D -> D. Remove one of these inputs.
          - Pipeline has a cycle: E -> F -> E. Remove one of these inputs.
        """.ReplaceLineEndings("\n"),
        Message(Reading("A", "B"), Reading("B", "C"), Reading("C", "A"), Reading("D", "D"), Reading("E", "F"),
            Reading("F", "E", "A")));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("../model.zip")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    public void OutputOutsideItsFolder(string output) => Assert.Equal(
        $"Stage 'Train' writes '{output}', which is not a name inside its folder. Use a relative name such as " +
        $"'model.zip' or 'plots/'.",
        Message(Stage("Train", builder => builder.Writes(output))));

    [Theory]
    [InlineData("plots/", "plots/loss.svg")]
    [InlineData("plots/", "plots/deep/")]
    [InlineData("plots", "plots/loss.svg")]
    public void OutputInsideAnother(string outer, string inner) => Assert.Equal(
        $"Stage 'Train' writes '{inner}' inside '{outer}', which is an output itself. Give one of them another name.",
        Message(Stage("Train", builder => builder.Writes(outer, inner))));

    [Fact]
    public void OutputsWithOneBeginningAreNoFault() =>
        _ = new Pipeline([Stage("Train", builder => builder.Writes("plots/", "plots2/", "plot", "deep/a", "deep/b"))]);

    [Fact]
    public void TwoObservationsWithOneName() =>
        Assert.Equal("Stage 'Train' observes 'tide' twice. Give one of them another name.",
        Message(Stage("Train", builder => builder.Observes("tide", () => "").Observes("tide", () => ""))));

    [Theory]
    [InlineData("")]
    [InlineData("a-b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public void StageNameWithOtherCharacters(string name) =>
        Assert.Equal($"'{name}' cannot name a stage: use letters, digits and '_'.",
        Assert.Throws<PipelineException>(() => new StageName(name)).Message);

    [Fact]
    public void UnknownStageThatIsAskedFor() =>
        Assert.Equal("There is no stage 'Trian'. Stages: Split, Train. Did you mean 'Train'?",
        Assert.Throws<PipelineException>(() => new Pipeline([Stage("Split"), Stage("Train")]).Find("Trian")).Message);

    private static string Message(params Stage[] stages) =>
        Assert.Throws<PipelineException>(() => new Pipeline(stages)).Message;

    private static Stage Reading(string name, params string[] inputs) =>
        Stage(name, builder => inputs.Aggregate(builder, (b, input) => b.Reads(new(input))));

    private static Stage Stage(string name, Func<StageBuilder, StageBuilder>? declare = null) =>
        (declare ?? (b => b))(new StageBuilder(new(name)).Writes("out.txt").Runs(Nothing)).Build();

    private static void Nothing(StageRun run)
    {
    }
}
