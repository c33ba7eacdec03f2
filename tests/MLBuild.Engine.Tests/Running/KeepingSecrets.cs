using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Commands;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Code of a stage that needs a password.</summary>
public sealed class KeepingSecrets : IDisposable
{
    private const string Password = "hunter2-hunter2";

    private readonly CommandSpace _space = new();

    [Fact]
    public async Task CodeGetsTheValue()
    {
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("KEY", () => Password)
            .Runs(run => File.WriteAllText(run.Output("out.txt"), $"{run.Secret("KEY").Length}")));
        await _space.Run();
        Assert.Equal("15", _space.Output("fetch/out.txt"));
    }

    [Fact]
    public async Task NothingOnDiskOrOnTheConsoleHasIt()
    {
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("KEY", () => Password).Runs(run =>
        {
            run.Log($"connecting with {run.Secret("KEY")}");
            throw new InvalidOperationException($"refused: password={Password}");
        }));
        Assert.Equal("InvalidOperationException: refused: password=***", await _space.Failure());
        Assert.Equal(["connecting with ***"], _space.Lines);
        Assert.DoesNotContain(Directory.EnumerateFiles(_space["."], "*", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains(Password, StringComparison.Ordinal));
    }

    // Hosts print what is inside a failure as well.
    [Fact]
    public async Task NothingInsideTheFailureHasIt()
    {
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("KEY", () => Password).Runs(run =>
            throw new InvalidOperationException($"refused: password={run.Secret("KEY")}",
                new HttpRequestException($"https://user:{Password}@host"))));
        using var runner = _space.Runner();
        var failed = Assert.IsType<StageOutcome.Failed>(await runner.Ensure(new("fetch")));
        for (Exception? e = failed.Failure; e is not null; e = e.InnerException)
            Assert.DoesNotContain(Password, $"{e.Message} {e}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNothingIsHiddenItIsKept()
    {
        var cause = new InvalidOperationException("refused");
        _space.WithStage("fetch", stage => stage.Writes("out.txt").Runs(_ => throw cause));
        using var runner = _space.Runner();
        var failed = Assert.IsType<StageOutcome.Failed>(await runner.Ensure(new("fetch")));
        Assert.Same(cause, failed.Failure.InnerException);
    }

    [Fact]
    public async Task AnotherValueRerunsNothing()
    {
        var password = Password;
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("KEY", () => password)
            .Runs(run => File.WriteAllText(run.Output("out.txt"), "done")));
        await _space.Run();
        password = "another";
        Assert.Empty(await _space.Run());
    }

    [Fact]
    public async Task UndeclaredOneIsNamed()
    {
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("API_KEY", () => Password)
            .Runs(run => run.Log(run.Secret("API_KEI"))));
        Assert.Equal("Stage 'fetch' asks for the secret 'API_KEI' but has none of that name. Did you mean " +
            "'API_KEY'? Declare it with WithSecret.", await _space.Failure());
    }

    [Fact]
    public async Task MissingOneIsNamed()
    {
        _space.WithStage("fetch", stage => stage.Writes("out.txt").WithSecret("KEY", () => "")
            .Runs(run => run.Log(run.Secret("KEY"))));
        Assert.Equal("The secret 'KEY' has no value. Set what the build takes it from, and run the same command " +
            "again.", await _space.Failure());
    }

    public void Dispose() => _space.Dispose();
}
