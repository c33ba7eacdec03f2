using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>A program as a stage's work: what it is given, where it runs, what is kept of it.</summary>
[Collection(nameof(Processes))]
public sealed class RunningPrograms : IDisposable
{
    private readonly CommandSpace _space = new();

    [UnixFact]
    public async Task PlaceholdersStandForWhatIsDeclared()
    {
        _space.With("scripts/show.sh", "for argument; do echo \"$argument\"; done").With("jan.csv", "1")
            .WithStage("split", stage => stage
                .ForEach(() => [new("jan", _space["jan.csv"])])
                .Writes("rows.csv")
                .RunsCommand("cp", "{source}", "{out:rows.csv}"))
            .WithStage("train", stage => stage
                .Reads(new("split"), "rows.csv")
                .Writes("model.bin")
                .RunsCommand(() => new { Rate = 0.5, Name = "a b" }, "sh",
                    "-c", "sh \"$@\" > model.bin; cat \"$3\" >> model.bin", "sh",
                    "{file:scripts/show.sh}", "--rate={option:Rate}", "{in:rows.csv}", "{option:Name}",
                    "{{}", "$HOME", "*", ""));
        Assert.Equal([Built("split/jan"), Built("train")], await _space.Run());
        var lines = _space.Output("train/model.bin").Split('\n');
        Assert.Equal("--rate=0.5", lines[0]);
        // Programs tell formats by the ending of a name.
        Assert.EndsWith("/in/split/jan/rows.csv", lines[1]);
        Assert.Equal(["a b", "{}", "$HOME", "*", "", "1"], lines[2..]);
        Assert.Empty(await _space.Run());
    }

    [UnixFact]
    public async Task AllPartitionsAreAnArgumentEach()
    {
        _space.With("jan.csv", "1").With("feb.csv", "2")
            .WithStage("split", stage => stage
                .ForEach(() => [new("jan", _space["jan.csv"]), new("feb", _space["feb.csv"])])
                .Writes("rows.csv")
                .RunsCommand("sh", "-c", "echo $1 $(cat \"$2\") > \"$3\"", "sh", "{partition}", "{source}",
                    "{out:rows.csv}"))
            .WithStage("join", stage => stage.Reads(new("split")).Writes("all.csv")
                .RunsCommand("sh", "-c", "cat \"$@\" > all.csv", "sh", "{ins:rows.csv}"));
        await _space.Run();
        Assert.Equal("feb 2\njan 1\n", _space.Output("join/all.csv"));
    }

    [UnixFact]
    public async Task MatrixPointsHaveTheirOwnOptions()
    {
        _space.WithStage("train", stage => stage.ForEach(() => new[] { 1, 2 }).Writes("out.txt")
            .RunsCommand((int depth) => new { Depth = depth, Leaves = depth * 10 },
                "sh", "-c", "echo \"$@\" > out.txt", "sh", "{partition}", "{option:Leaves}"));
        await _space.Run();
        Assert.Equal("1 10\n", _space.Output("train/1/out.txt"));
        Assert.Equal("2 20\n", _space.Output("train/2/out.txt"));
    }

    [UnixFact]
    public async Task AnotherAttemptBeginsAfresh()
    {
        _space.WithStage("split", stage => stage.Writes("rows.csv").RunsCommand("sh", "-c", "echo 1 > rows.csv"))
            .WithStage("train", stage => stage.Reads(new("split")).Writes("out.txt").Retries(1, TimeSpan.Zero)
                .RunsCommand("sh", "-c", "[ -e ../../../tried ] || {{ > ../../../tried; echo half > out.txt; " +
                    "exit 7; }; [ -e out.txt ] || cp \"$1\" out.txt", "sh", "{in:rows.csv}"));
        Assert.Equal([Built("split"), Built("train")], await _space.Run());
        Assert.Equal("1\n", _space.Output("train/out.txt"));
        Assert.Contains(_space.Lines, line => line.StartsWith("attempt 1 of 2 failed", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task FoldersAreReadAndWritten()
    {
        _space
            .WithStage("plot", stage => stage.Writes("plots/").RunsCommand("sh", "-c", "echo a > \"$1/a.svg\"", "sh",
                "{out:plots/}"))
            .WithStage("count", stage => stage.Reads(new("plot")).Writes("deep/names.txt", "more/")
                .RunsCommand("sh", "-c", "ls \"$1\" > deep/names.txt; mkdir more", "sh", "{in:plots}"));
        Assert.Equal([Built("plot"), Built("count")], await _space.Run());
        Assert.Equal("a.svg\n", _space.Output("count/deep/names.txt"));
    }

    [UnixFact]
    public async Task OutputIsStreamedInOrderAndKept()
    {
        _space.WithShell("echo epoch 1; echo warning >&2; printf '10%%\\r50%%\\r100%%\\n'; printf last; " +
            "echo x > out.txt");
        await _space.Run();
        string[] said = ["epoch 1", "warning", "100%", "last"];
        Assert.Equal(said, _space.Lines[1..]);
        var record = _space.Workspace().Last("train")!;
        Assert.Equal("epoch 1\nwarning\n10%\r50%\r100%\nlast\n",
            string.Join('\n', File.ReadAllText(_space.Workspace().LogPath(record.Fingerprint)).Split('\n')[1..]));
    }

    [UnixFact]
    public async Task LineSaysWhatRunsInWordsOfTheBuild()
    {
        _space.With("in.csv", "1")
            .WithStage("train", stage => stage.ForEach(() => [new("in", _space["in.csv"])]).Writes("out.txt")
                .RunsCommand(() => new { Rate = 0.5, Name = "a b" }, "cp", "{source}", "{out:out.txt}", "--suffix",
                    "{option:Name}", "{option:Rate}"));
        await _space.Run();
        Assert.Equal("$ cp in.csv out.txt --suffix 'a b' 0.5", _space.Lines[0]);
    }

    [UnixFact]
    public async Task InputOfTheProgramIsClosed()
    {
        _space.WithShell("cat > out.txt");
        Assert.Equal([Built("train")], await _space.Run());
        Assert.Equal("", _space.Output("train/out.txt"));
    }

    [UnixFact]
    public async Task VariablesAreDeclaredOrThoseOfTheBuild()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand(() => new { Threads = 2 }, "sh", "-c", "echo $OMP_NUM_THREADS ${{HOME:+home} > out.txt")
            .WithEnvironment("OMP_NUM_THREADS", "{option:Threads}"));
        await _space.Run();
        Assert.Equal("2 home\n", _space.Output("train/out.txt"));
    }

    [UnixFact]
    public async Task SecretsReachTheProgramAndNothingElse()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand("sh", "-c", "echo got $TOKEN; printf %s \"$TOKEN\" | wc -c > out.txt; test -z \"$FAIL\"")
            .WithSecret("TOKEN", () => "hunter2-hunter2").WithSecret("FAIL", () => Environment.GetEnvironmentVariable(
                "HOME")));
        var failure = (await _space.Run())[0];
        Assert.Equal("failed", failure.What);
        Assert.Contains("\n  got ***\n", failure.Because);
        Assert.Equal("got ***", _space.Lines[1]);
        Assert.Equal("15\n", File.ReadAllText(_space["store/failed/train/out/out.txt"]).TrimStart());
        foreach (var file in Directory.GetFiles(_space["store"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hunter2", File.ReadAllText(file));
    }

    [UnixFact]
    public async Task AnotherSecretIsNoOtherRecipe()
    {
        var token = "a";
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "-c", "echo x > out.txt")
            .WithSecret("TOKEN", () => token));
        await _space.Run();
        token = "b";
        Assert.Empty(await _space.Run());
    }

    [UnixFact]
    public async Task FileBesideTheOutputsIsNotKept()
    {
        _space.WithShell("echo x > out.txt; echo y > stray.txt");
        await _space.Run();
        Assert.Equal(["out.txt"], StoreLayout.FilesIn(_space["artifacts/train"]));
        Assert.Empty(StoreLayout.FilesIn(_space["store/work"]));
    }

    [UnixFact]
    public async Task ProgramByPathIsRelativeToTheRoot()
    {
        _space.WithProgram("tools/make.sh", "#!/bin/sh\necho x > out.txt\n")
            .WithStage("train", stage => stage.Writes("out.txt").RunsCommand("tools/make.sh"));
        Assert.Equal([Built("train")], await _space.Run());
    }

    [UnixFact]
    public async Task InputThatTheProgramWritesToIsQuarantined()
    {
        _space.WithStage("split", stage => stage.Writes("rows.csv").RunsCommand("sh", "-c", "echo 1 > rows.csv"))
            .WithStage("train", stage => stage.Reads(new("split")).Writes("out.txt")
                .RunsCommand("sh", "-c", "chmod u+w \"$1\"; echo 2 >> \"$1\"; echo x > out.txt", "sh",
                    "{in:rows.csv}"));
        var failed = (await _space.Run())[^1];
        Assert.StartsWith("it changed its input 'rows.csv', which is kept for all who read it. Let it work on a copy " +
            $"of its own. Artifact {ContentHash.Of("1\n").Short} is corrupt", failed.Because);
        Assert.Single(Directory.GetFiles(_space["store/quarantine"]));
    }

    [UnixFact]
    public async Task ManyLinesNeedLittleMemoryAndAreAllKept()
    {
        const int lines = 200_000;
        _space.WithShell($"seq {lines}; echo x > out.txt");
        await _space.Run();
        var log = File.ReadAllLines(_space.Workspace().LogPath(_space.Workspace().Last("train")!.Fingerprint));
        Assert.Equal(Enumerable.Range(1, lines).Select(i => $"{i}"), log[1..]);
    }

    public void Dispose() => _space.Dispose();
}
