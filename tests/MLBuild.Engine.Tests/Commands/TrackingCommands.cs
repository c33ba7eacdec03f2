using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>What makes a stage whose work is a program run again, and in which words.</summary>
[Collection(nameof(Processes))]
public sealed class TrackingCommands : IDisposable
{
    private const string Script = "#!/bin/sh\necho \"$@\" > out.txt\n";

    private readonly CommandSpace _space = new CommandSpace().WithProgram("tools/make", Script).With("a.txt", "1");

    [UnixFact]
    public async Task ArgumentsAreInTheRecipe()
    {
        Declare("--rate", "{option:Rate}");
        Assert.Equal([Built("train")], await _space.Run());
        Declare("--rate={option:Rate}");
        Assert.Equal([Built("train", "command changed: make --rate {option:Rate} -> make --rate={option:Rate}")],
            await _space.Run());
        Declare("--rate", "{option:Rate}");
        Assert.Equal([Restored("train")], await _space.Run());
    }

    [UnixFact]
    public async Task ProgramIsInTheRecipeByItsBytes()
    {
        Declare();
        await _space.Run();
        _space.WithProgram("tools/make", Script + "#\n");
        Assert.Equal([Built("train", $"program make changed: {Short(Script)} -> {Short(Script + "#\n")}")],
            await _space.Run());
        _space.WithProgram("tools/make", Script);
        Assert.Empty(await _space.Run());
    }

    [UnixFact]
    public async Task PlaceOfTheProgramIsNot()
    {
        Declare();
        await _space.Run();
        _space.WithProgram("bin/make", Script).WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand(() => new { Rate = 1 }, "bin/make"));
        Assert.Empty(await _space.Run());
    }

    [UnixFact]
    public async Task InterpreterOfAScriptIsInTheRecipe()
    {
        _space.WithProgram("tools/language", "#!/bin/sh\nexec sh \"$@\"\n")
            .WithProgram("tools/make", $"#!{_space["tools/language"]}\necho > out.txt\n");
        // The first line of a script ends its interpreter's name at a space.
        File.CreateSymbolicLink(Link, _space["tools/language"]);
        _space.WithProgram("tools/make", $"#!{Link} -e\necho > out.txt\n");
        Declare();
        Assert.Equal([Built("train")], await _space.Run());
        _space.WithProgram("tools/language", "#!/bin/sh\nexec sh  \"$@\"\n");
        Assert.StartsWith($"interpreter {Path.GetFileName(Link)} changed: ", (await _space.Run())[0].Because);
    }

    [UnixFact]
    public async Task OptionsAreParameters()
    {
        var rate = 1;
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand(() => new { Rate = rate, Unused = 2 }, "tools/make", "{option:Rate}"));
        await _space.Run();
        rate = 3;
        Assert.Equal([Built("train", "parameter 'Rate' changed: 1 -> 3")], await _space.Run());
        Assert.Equal("3\n", _space.Output("train/out.txt"));
    }

    [UnixFact]
    public async Task FilesAreInputs()
    {
        Declare("{file:a.txt}");
        await _space.Run();
        _space.With("a.txt", "2");
        Assert.Equal([Built("train", $"file a.txt changed: {Short("1")} -> {Short("2")}")], await _space.Run());
    }

    [UnixFact]
    public async Task FileThatChangesMeanwhileSpoilsTheResult()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand("sh", "-c", "echo 2 > \"$1\"; echo x > out.txt", "sh", "{file:a.txt}"));
        Assert.Equal("'file a.txt' changed while the stage ran, so the result was not kept. Run the same command " +
            "again.",
            await _space.Failure());
    }

    [UnixFact]
    public async Task ProgramThatChangesMeanwhileSpoilsTheResult()
    {
        _space.WithProgram("tools/make", "#!/bin/sh\necho '#' >> \"$1\"; echo x > out.txt\n");
        Declare(_space["tools/make"]);
        Assert.Equal("'program make' changed while the stage ran, so the result was not kept. Run the same command " +
            "again.", await _space.Failure());
    }

    [UnixFact]
    public async Task VariablesAreInTheRecipe()
    {
        Variable("1");
        await _space.Run();
        Variable("2");
        Assert.Equal([Built("train", "variable SEED changed: 1 -> 2")], await _space.Run());

        void Variable(string value) => _space.WithStage("train", stage => stage.Writes("out.txt")
            .RunsCommand("tools/make").WithEnvironment("SEED", value));
    }

    [UnixFact]
    public async Task WhatAProgramSaysOfItselfIsObserved()
    {
        Version("1.0");
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("tools/make")
            .ObservesProgram("--version"));
        await _space.Run();
        // A script decides what it starts, so it is asked each time.
        Version("2.0");
        Assert.Equal([Built("train", "observed 'make --version' changed: make 1.0 -> make 2.0")], await _space.Run());

        void Version(string version)
        {
            _space.With("version", version);
            _space.WithProgram("tools/make", "#!/bin/sh\n" +
                "[ \"$1\" = --version ] && exec sed 's/^/make /' \"${0%/*}/../version\"\necho x > out.txt\n");
        }
    }

    [UnixFact]
    public async Task ProgramThatIsNoScriptIsAskedOnce()
    {
        // The linked program, which is no script, prints what it was told.
        File.CreateSymbolicLink(_space["tools/echo"], "/bin/echo");
        _space.WithStage("train", stage => stage.AlwaysRuns().RunsCommand("tools/echo").ObservesProgram("a b", "c"));
        await _space.Run();
        var known = Assert.Single(Directory.GetFiles(_space["store/probes"]));
        Assert.Equal("a b c", SealedText.Open(File.ReadAllText(known)));
        File.WriteAllText(known, SealedText.Seal("not asked again"));
        var record = (await Recipe()).Entries.Single(entry => entry.Name == "echo 'a b' c");
        Assert.Equal("not asked again", record.Value);
        // As a power cut may leave it.
        File.WriteAllText(known, "");
        Assert.Contains((await Recipe()).Entries, entry => entry is { Name: "echo 'a b' c", Value: "a b c" });

        async Task<Engine.Recipes.Recipe> Recipe()
        {
            await _space.Run();
            return _space.Workspace().LastRecipe("train")!;
        }
    }

    [UnixFact]
    public async Task ProgramThatCannotSayWhatItIsIsNamed()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh")
            .ObservesProgram("-c", "echo no; exit 2"));
        Assert.Equal("The command of stage 'train' cannot run. 'sh -c 'echo no; exit 2'', which says what the " +
            "program is, ended with exit code 2: no", await _space.Failure());
    }

    [UnixFact]
    public async Task ForecastSaysTheSameAndStartsNothing()
    {
        Declare();
        await _space.Run();
        Declare("--fast");
        var line = Assert.Single(new Engine.Running.Forecast(_space.Pipeline(), _space.Workspace(), CommandSpace.Code)
            .Of(new("train")));
        Assert.Equal("train: would run because command changed: make -> make --fast", $"{line}");
        Assert.Equal("\n", _space.Output("train/out.txt"));
    }

    public void Dispose()
    {
        File.Delete(Link);
        _space.Dispose();
    }

    private string Link { get; } = Path.Combine(Path.GetTempPath(), $"mlbuild-language-{Guid.NewGuid():N}");

    private static string Short(string text) => ContentHash.Of(text).Short;

    private void Declare(params string[] arguments) => _space.WithStage("train", stage => stage.Writes("out.txt")
        .RunsCommand(() => new { Rate = 1 }, "tools/make", arguments));
}
