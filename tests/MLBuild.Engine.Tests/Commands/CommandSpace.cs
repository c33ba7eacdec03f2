using System.Diagnostics;
using MLBuild.Engine.Code;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>A folder with a pipeline that is declared as a build declares it, whose stages run programs.</summary>
public sealed class CommandSpace : IDisposable
{
    private readonly TempFolder _folder = new();
    private TimeProvider _clock = TimeProvider.System;
    private readonly List<(string Name, Func<StageBuilder, StageBuilder> Declare)> _stages = [];

    /// <summary>Stages here have no code.</summary>
    public static ICodeFingerprint Code { get; } = new NoCode();

    public string this[string relative] => Path.Combine(_folder.Path, relative);

    /// <summary>Where the store is, if not in this folder.</summary>
    public string? StoreFolder { get; set; }

    /// <summary>What was logged and begun in the last run.</summary>
    public TestObserver Observer { get; set; } = new();

    /// <summary>What a stage's lines were in the last run, without its name.</summary>
    public string[] Lines => [.. Observer.Lines.Select(line => line[(line.IndexOf(' ') + 1)..])];

    public CommandSpace With(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
        return this;
    }

    /// <summary>Sets the clock of the runs.</summary>
    public CommandSpace WithClock(TimeProvider clock)
    {
        _clock = clock;
        return this;
    }

    /// <summary>A script that may be executed. Another program writes it: what is just being started elsewhere has
    /// every file of this process open for a moment, and what somebody has open for writing cannot be run.</summary>
    public CommandSpace WithProgram(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        var start = new ProcessStartInfo("sh", ["-c", "cat > \"$0\" && chmod u+x \"$0\"", this[file]])
        {
            RedirectStandardInput = true,
        };
        using var writer = Process.Start(start)!;
        writer.StandardInput.Write(text);
        writer.StandardInput.Close();
        writer.WaitForExit();
        Assert.Equal(0, writer.ExitCode);
        return this;
    }

    /// <summary>Declares a stage, in place of one that had its name.</summary>
    public CommandSpace WithStage(string name, Func<StageBuilder, StageBuilder> declare)
    {
        _stages.RemoveAll(stage => stage.Name == name);
        _stages.Add((name, declare));
        return this;
    }

    /// <summary>A stage that writes <c>out.txt</c>, and what a shell does for it there.</summary>
    public CommandSpace WithShell(string script) =>
        WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "-c", script.Replace("{", "{{")));

    public string Output(string path) => File.ReadAllText(this[$"artifacts/{path}"]);

    public Workspace Workspace() => new(this["artifacts"], StoreFolder ?? this["store"], _clock);

    public Pipeline Pipeline() => new(_stages.Select(stage => stage.Declare(new(new(stage.Name))).Build()));

    public Runner Runner(CancellationToken cancel = default) =>
        new(Pipeline(), Workspace(), Code, Observer, RunSetting.Everything, cancel: cancel);

    /// <summary>Runs all stages and says what became of each unit that was not up to date.</summary>
    public async Task<Event[]> Run(CancellationToken cancel = default)
    {
        Observer = new() { OnLine = Observer.OnLine };
        using var runner = Runner(cancel);
        var outcomes = await Task.WhenAll(_stages.Select(stage => runner.Ensure(new(stage.Name))));
        return [.. outcomes.SelectMany(Event.Of)];
    }

    /// <summary>Why the only stage failed, without the place of its log.</summary>
    public async Task<string> Failure() =>
        (await Run()) is [{ What: "failed" } failed] ? failed.Because.Split("\nIts log and what")[0] : "it succeeded";

    public void Dispose() => _folder.Dispose();

    private sealed class NoCode : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([], []);
    }
}
