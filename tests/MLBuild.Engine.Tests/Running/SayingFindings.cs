using MLBuild.Engine.Code;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Running;

/// <summary>What a stage's code reads undeclared is said when it runs, and forbidden where a run
/// refuses it.</summary>
public sealed class SayingFindings : IDisposable
{
    private const string Clock = "reads the clock (DateTime.UtcNow) without declaring it: Train.Run, Train.cs:7";

    private readonly TestSpace _space = new TestSpace().WithStage("train");

    public SayingFindings() => _space.Code.Findings.Add(
        new(CodeFindingKind.Clock, "DateTime.UtcNow", ["Train.Run"], "Train.cs:7"));

    [Fact]
    public void FindingIsSaidWhenTheStageRunsAndNotAgain()
    {
        _space.Run();
        Assert.Equal([$"train: its code {Clock}"], _space.Observer.Lines);
        _space.Run();
        Assert.Empty(_space.Observer.Lines);
    }

    [Fact]
    public async Task RunThatRefusesItDoesNotBegin()
    {
        using var runner = _space.Runner(setting: RunSetting.Everything with { RefuseUndeclared = true });
        var failed = Assert.IsType<StageOutcome.Failed>(await runner.Ensure(new("train")));
        Assert.Equal(
            $"with --refuse-undeclared it does not run, because its code\n  - {Clock}", failed.Failure.Message);
        Assert.Empty(_space.Observer.Begun);
    }

    public void Dispose() => _space.Dispose();
}
