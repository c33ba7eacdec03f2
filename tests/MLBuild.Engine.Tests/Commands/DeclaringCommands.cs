using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>What can be declared wrongly about a command, and what is said of it before anything runs.</summary>
public sealed class DeclaringCommands
{
    private const string Known = "Placeholders: {in:…}, {ins:…}, {out:…}, {file:…}, {option:…}, {source}, {partition}.";

    private const string Escape = " A brace that is meant as such is written '{{'.";

    private sealed record Options(double LearningRate, Options.Tree Trees, int[] Depths)
    {
        public sealed record Tree(int Leaves);
    }

    [Theory]
    [InlineData("{inn:rows.csv}", "has '{inn:rows.csv}', which is no placeholder. " + Known +
        " Did you mean '{in:…}'?" + Escape)]
    [InlineData("{surce}", "has '{surce}', which is no placeholder. " + Known +
        " Did you mean '{source}'?" + Escape)]
    [InlineData("{}", "has '{}', which is no placeholder. " + Known + Escape)]
    [InlineData("--x={in:rows", "has '{in:rows' without its end. Write '}' behind the name, or '{{' for a brace that " +
        "is meant as such.")]
    [InlineData("{in:row.csv}", "takes 'row.csv', which the stage does not read. It reads: Split/rows.csv, " +
        "Split/plots, Clean/rows.csv. Did you mean 'rows.csv'? Declare it with Reads.")]
    [InlineData("{in:rows.csv}", "takes 'rows.csv', which several stages write. Say which: {in:Split/rows.csv}, " +
        "{in:Clean/rows.csv}.")]
    [InlineData("--x={ins:rows.csv}", "has '{ins:rows.csv}' inside an argument. It stands for several: make it an " +
        "argument of its own.")]
    [InlineData("{out:modle.bin}", "writes 'modle.bin', which the stage does not. It writes: model.bin. Did you mean " +
        "'model.bin'? Declare it with Writes.")]
    [InlineData("{option:LerningRate}", "takes the option 'LerningRate', but there is no 'LerningRate'. There are: " +
        "LearningRate, Trees, Depths. Did you mean 'LearningRate'?")]
    [InlineData("{option:Trees.Leafs}", "takes the option 'Trees.Leafs', but there is no 'Leafs'. There are: " +
        "Leaves. Did you mean 'Leaves'?")]
    [InlineData("{source}", "takes {source}, but the stage has no source files. Declare them with ForEach.")]
    [InlineData("{partition}", "takes {partition}, but the stage has no partitions. Declare them with ForEach.")]
    [InlineData("{file:/etc/passwd}", "takes the file '/etc/passwd', which is not inside the project. Use a path " +
        "from its root, such as 'scripts/train.py'.")]
    [InlineData("{file:a/../../b}", "takes the file 'a/../../b', which is not inside the project. Use a path from " +
        "its root, such as 'scripts/train.py'.")]
    public void Placeholder(string argument, string fault) =>
        Assert.Equal($"The command of stage 'Train' {fault}", Message(stage => stage
            .RunsCommand(() => new Options(0.1, new(3), [1]), "sh", "-c", argument)));

    [Theory]
    [InlineData("{in:Split/rows.csv}")]
    [InlineData("{in:plots}")]
    [InlineData("{in:plots/}")]
    [InlineData("{ins:rows.csv}")]
    [InlineData("--out={out:model.bin}")]
    [InlineData("{option:Trees.Leaves}")]
    [InlineData("{option:Depths[0]}")]
    [InlineData("{file:scripts/a b.py}")]
    [InlineData("{{in:nothing}")]
    [InlineData("}")]
    public void PlaceholderThatIsFine(string argument) => _ = Pipeline(stage => stage
        .RunsCommand(() => new Options(0.1, new(3), [1]), "sh", argument));

    [Fact]
    public void OptionWithoutOptions() => Assert.Equal(
        "The command of stage 'Train' takes the option 'Rate', but has no options. Give them: RunsCommand(() => new " +
        "Options(…), \"program\", …).", Message(stage => stage.RunsCommand("sh", "{option:Rate}")));

    [Fact]
    public void InputOfAStageThatReadsNothing() => Assert.Equal(
        "The command of stage 'Train' takes 'rows.csv', which the stage does not read. It reads: nothing. Declare it " +
        "with Reads.", Assert.Throws<PipelineException>(() => new Pipeline(
        [new StageBuilder(new("Train")).Writes("a").RunsCommand("sh", "{in:rows.csv}").Build()])).Message);

    [Fact]
    public void CodeAndCommand() => Assert.Equal(
        "Stage 'Train' has both code and a command. Give it either Runs or RunsCommand.",
        Message(stage => stage.RunsCommand("sh").Runs(_ => { })));

    [Fact]
    public void NoProgram() => Assert.Equal(
        "The command of stage 'Train' names no program.", Message(stage => stage.RunsCommand(" ")));

    [Fact]
    public void VariableOfAStageWithoutAProgram() => Assert.Contains(
        "Stage 'Train' has both code and a command.",
        Message(stage => stage.Runs(_ => { }).WithEnvironment("TOKEN", "x")));

    [Fact]
    public void Variables() => Assert.Equal(
        "The pipeline has 3 faults:" +
        "\n  - The command of stage 'Train' gets a variable 'A=B', which cannot be the name of one. Use a " +
            "name without '='." +
        "\n  - The command of stage 'Train' gets the variable 'TOKEN' twice. Remove one of them." +
        $"\n  - The command of stage 'Train' has '{{x}}', which is no placeholder. {Known}{Escape}",
        Message(stage => stage.RunsCommand("sh").WithEnvironment("A=B", "1").WithEnvironment("TOKEN", "{x}")
            .WithSecret("TOKEN", () => "x")));

    private static string Message(Func<StageBuilder, StageBuilder> declare) =>
        Assert.Throws<PipelineException>(() => Pipeline(declare)).Message;

    private static Pipeline Pipeline(Func<StageBuilder, StageBuilder> declare) => new(
    [
        new StageBuilder(new("Split")).Writes("rows.csv", "plots/").RunsCommand("sh").Build(),
        new StageBuilder(new("Clean")).Writes("rows.csv", "other.csv").RunsCommand("sh").Build(),
        declare(new StageBuilder(new("Train")).Reads(new("Split")).Reads(new("Clean"), "rows.csv").Writes("model.bin"))
            .Build(),
    ]);
}
