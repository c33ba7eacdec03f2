using MLBuild.Engine.Stages;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>A program as a stage's work: what it is given, where it runs, what is kept of it.</summary>
public sealed class RunningPrograms : IDisposable
{
    private readonly CommandSpace _space = new();

    [Fact]
    public async Task PlaceholdersStandForWhatIsDeclared()
    {
        _space.With("scripts/show.sh", "for argument; do echo \"$argument\"; done").With("jan.csv", "1")
            .WithStage("split", stage => stage
                .ForEach(() => [new("jan", _space["jan.csv"])])
                .Writes("rows.csv")
                .RunsCommand("cp", "{source}", "{out:rows.csv}"))
            .WithStage("train", stage => stage
                .Reads(new("split"), "rows.csv")
                .Writes("model.bin", "plots/")
                .RunsCommand(() => new { Rate = 0.5, Name = "a b" }, "sh",
                    "-c", "sh \"$@\" > model.bin; cat \"$3\" >> model.bin; mkdir plots", "sh",
                    "{file:scripts/show.sh}", "--rate={option:Rate}", "{in:rows.csv}", "{option:Name}",
                    "{{}", "$HOME", "*", ""));
        Assert.Equal([Built("split/jan"), Built("train")], await _space.Run());
        var lines = _space.Output("train/model.bin").Split('\n');
        Assert.Equal("--rate=0.5", lines[0]);
        Assert.EndsWith("/in/split/jan/rows.csv", lines[1]);
        Assert.Equal(["a b", "{}", "$HOME", "*", "", "1"], lines[2..]);
        Assert.Empty(await _space.Run());
    }

    public void Dispose() => _space.Dispose();
}
