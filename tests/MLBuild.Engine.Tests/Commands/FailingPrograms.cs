using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>A program that fails, or cannot run: what is said.</summary>
[Collection(nameof(Processes))]
public sealed class FailingPrograms : IDisposable
{
    private readonly CommandSpace _space = new();

    [UnixFact]
    public async Task ExitCodeAndLastLinesAreInTheMessage()
    {
        _space.WithShell("echo loading; echo the loss is NaN >&2; exit 3");
        Assert.Equal("""
            'sh -c 'echo loading; echo the loss is NaN >&2; exit 3'' ended with exit code 3. Its last lines:
              loading
              the loss is NaN
            """, await _space.Failure());
    }

    [UnixFact]
    public async Task OnlyTheLastTwentyLinesAreInTheMessageAndAllInTheLog()
    {
        _space.WithShell("seq 100; exit 1");
        var message = await _space.Failure();
        Assert.EndsWith("Its last lines:" + string.Concat(Enumerable.Range(81, 20).Select(i => $"\n  {i}")), message);
        var log = File.ReadAllLines(_space["store/failed/train/log.txt"]);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"{i}"), log[1..101]);
    }

    [UnixFact]
    public async Task SilenceIsSaid()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("false"));
        Assert.Equal("'false' ended with exit code 1. It printed nothing.", await _space.Failure());
    }

    [UnixFact]
    public async Task SignalIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "-c", "kill -9 $$"));
        Assert.Equal("'sh -c 'kill -9 $$'' ended with exit code 137: ended by signal 9 (SIGKILL), perhaps for want " +
            "of memory. It printed nothing.", await _space.Failure());
    }

    [UnixFact]
    public async Task PartialOutputIsKept()
    {
        _space.WithShell("echo half > out.txt; exit 1");
        await _space.Run();
        Assert.Equal(["log.txt", "out/out.txt"], StoreLayout.FilesIn(_space["store/failed/train"]));
        Assert.Empty(StoreLayout.FilesIn(_space["artifacts"]));
    }

    [UnixFact]
    public async Task MissingOutputsAreNamed()
    {
        _space.WithStage("train", stage => stage.Writes("model.bin", "plots/").RunsCommand("true"));
        Assert.Equal("it finished but did not write 'model.bin', 'plots/'. Give the program the place as " +
            "{out:model.bin}, or write 'model.bin' where it starts.", await _space.Failure());
    }

    [Fact]
    public async Task MissingProgramIsNamedWithWhereItWasSearched()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("pyton3"));
        Assert.Equal("The command of stage 'train' cannot run. There is no program 'pyton3' in the folders of PATH: " +
            string.Join(", ", Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)) +
            ". Install it, put its folder into PATH, or give its path.", await _space.Failure());
    }

    [Fact]
    public async Task MissingProgramByPathIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("tools/make.sh"));
        Assert.Equal($"The command of stage 'train' cannot run. There is no program '{_space["tools/make.sh"]}'. " +
            "Mend its path, which is relative to the project's root.", await _space.Failure());
    }

    [UnixFact]
    public async Task ProgramThatMayNotBeExecutedIsNamed()
    {
        _space.With("tools/make.sh", "echo").WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand("tools/make.sh"));
        Assert.Equal($"The command of stage 'train' cannot run. There is no program '{_space["tools/make.sh"]}'. " +
            "There is a file, but it may not be executed: use chmod +x, or run it by its interpreter.",
            await _space.Failure());
    }

    [Fact]
    public async Task MissingFileIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "{file:train.sh}"));
        Assert.Equal("The command of stage 'train' takes the file 'train.sh', which is not there. Its path is " +
            $"relative to '{_space[""].TrimEnd('/')}'.", await _space.Failure());
    }

    [UnixFact]
    public async Task FolderIsNoFile()
    {
        _space.With("scripts/train.sh", "echo x > out.txt")
            .WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "{file:scripts}"));
        Assert.Equal("The command of stage 'train' takes the file 'scripts', which is a folder. Name each file that " +
            "the program reads, or make the folder the output of a stage.", await _space.Failure());
    }

    [Fact]
    public async Task UndeclaredFileIsRefused()
    {
        _space.With("train.sh", "echo x > out.txt")
            .WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "train.sh"));
        Assert.Equal("The command of stage 'train' cannot run. 'train.sh' is a file of the project, whose bytes no " +
            "recipe would see. Write {file:train.sh}.", await _space.Failure());
    }

    [UnixFact]
    public async Task OptionWithoutATextIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand(() => new { Seed = (int?)null }, "sh", "-c", "{option:Seed}"));
        Assert.Equal("The option 'Seed' has no text that could be an argument. Use a number, a text, an enum or a " +
            "date.", await _space.Failure());
    }

    [UnixFact]
    public async Task SecretInAnArgumentIsHidden()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand(() => new { Token = "hunt'er2" }, "sh", "-c", "exit 1", "{option:Token}")
            .WithSecret("TOKEN", () => "hunt'er2"));
        Assert.Equal("'sh -c 'exit 1' '***'' ended with exit code 1. It printed nothing.", await _space.Failure());
    }

    [Fact]
    public async Task SecretWithoutAValueIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "-c", "echo x > out.txt")
            .WithSecret("TOKEN", () => null));
        Assert.Equal("The secret 'TOKEN' has no value. Set what the build takes it from, and run the same command " +
            "again.", await _space.Failure());
    }

    public void Dispose() => _space.Dispose();
}
