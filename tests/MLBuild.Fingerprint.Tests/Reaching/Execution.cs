using System.Collections.Concurrent;
using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Runs the stages of an instrumented program for real, by the product's runner.</summary>
public static class Execution
{
    /// <summary>The methods that each stage's code ran, by stage.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlySet<string>>> Of(CompiledProgram program)
    {
        using var running = new RunningProgram(Instrumentation.Of(program));
        using var space = new TempFolder();
        var executed = new ConcurrentDictionary<string, IReadOnlySet<string>>();
        var pipeline = new Pipeline(running.Stages.Select(stage => stage with
        {
            // Only its own code is recorded, and the runner is to see nothing of it.
            Code = (Action)NoCode,
            Body = async (run, options) =>
                executed[$"{stage.Name}"] = await ExecutionRecord.Of(() => stage.Body(run, options)),
        }));
        using var runner = new Runner(
            pipeline, new Workspace(space["artifacts"], space["store"], TimeProvider.System), new AnyCode(),
            new Silence(), RunSetting.Everything);
        var outcomes = await Task.WhenAll(running.Stages.Select(stage => runner.Ensure(stage.Name)));
        await runner.Drain();
        Assert.All(outcomes, outcome => Assert.True(
            outcome is StageOutcome.Done, (outcome as StageOutcome.Failed)?.Failure.ToString() ?? $"{outcome}"));
        return executed;
    }

    private static void NoCode()
    {
    }

    private sealed class AnyCode : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([new(RecipeKind.Code, "any", "text", "")], []);
    }

    private sealed class Silence : IRunObserver
    {
        public void Running(StageUnit unit, Verdict verdict)
        {
        }

        public void Log(StageUnit unit, string line)
        {
        }
    }
}
