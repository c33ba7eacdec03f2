using Nuke.Common;
using Serilog;

namespace Builds;

/// <summary>A circle of three beside a target that is not part of it.</summary>
class CircleBuild : NukeBuild
{
    public static int Start() => Execute<CircleBuild>(x => x.Apart);

    Target Apart => _ => _.Executes(() => Log.Information("apart"));
    Target Train => _ => _.DependsOn(Gate).Executes(() => { });
    Target Evaluate => _ => _.After(Train).Executes(() => { });
    Target Gate => _ => _.TriggeredBy(Evaluate).Executes(() => { });
}

/// <summary>A target that depends on itself.</summary>
class SelfBuild : NukeBuild
{
    public static int Start() => Execute<SelfBuild>();

    Target Again => _ => _.DependsOn(Again).Executes(() => { });
}

/// <summary>A target without a definition.</summary>
class NothingBuild : NukeBuild
{
    public static int Start() => Execute<NothingBuild>(x => x.Train);

    Target Train => _ => _.Executes(() => { });
    Target Nothing => null!;
}

/// <summary>Conditions, and what their skipping takes along.</summary>
class ConditionsBuild : NukeBuild
{
    public static int Start() => Execute<ConditionsBuild>(x => x.All);

    [Parameter] readonly bool Fresh;

    bool IsStale() => Fresh;

    Target Shared => _ => _.Executes(() => Log.Information("shared"));
    Target OnlyHere => _ => _.Executes(() => Log.Information("only here"));
    Target Cached => _ => _.DependsOn(Shared, OnlyHere).OnlyWhenDynamic(() => Fresh)
        .Executes(() => Log.Information("cached"));
    Target Kept => _ => _.Executes(() => Log.Information("kept"));
    Target Patient => _ => _.DependsOn(Kept).OnlyWhenStatic(() => Fresh).WhenSkipped(DependencyBehavior.Execute)
        .Executes(() => Log.Information("patient"));
    Target TwoReasons => _ => _.OnlyWhenDynamic(() => Fresh, "stale").OnlyWhenDynamic(IsStale).Executes(() => { });
    Target Other => _ => _.DependsOn(Shared).Executes(() => Log.Information("other"));
    Target All => _ => _.DependsOn(Cached, Patient, TwoReasons, Other);

    Target Source => _ => _.OnlyWhenStatic(() => Fresh).Triggers(Sink).Executes(() => { });
    Target Sink => _ => _.Executes(() => Log.Information("sink"));
    Target Triggering => _ => _.DependsOn(Source).Executes(() => { });

    Target Throwing => _ => _.OnlyWhenDynamic(() => throw new InvalidOperationException("no network"))
        .Executes(() => { });
    Target AfterThrowing => _ => _.DependsOn(Throwing).Executes(() => { });
}

/// <summary>Failures, and who runs all the same.</summary>
class FailingBuild : NukeBuild
{
    public static int Start() => Execute<FailingBuild>(x => x.Last);

    Target First => _ => _.Executes(() => throw new InvalidOperationException("boom", new IOException("disk")));
    Target Cleaning => _ => _.AssuredAfterFailure().Before(Last).After(First)
        .Executes(() => throw new InvalidOperationException("cleaning boom"));
    Target Notifying => _ => _.AssuredAfterFailure().After(Cleaning).Before(Last)
        .Executes(() => Log.Information("told"));
    Target Last => _ => _.DependsOn(First).Executes(() => Log.Information("last"));

    Target Flaky => _ => _.ProceedAfterFailure().Executes(() => throw new TimeoutException("slow"));
    Target Next => _ => _.DependsOn(Flaky).Executes(() => Log.Information("next"));

    Target Tasks => _ => _.Executes(async () =>
    {
        await Task.Yield();
        throw new TimeoutException("in a task");
    });

    [Parameter] readonly bool Works;

    Target Sometimes => _ => _.DependsOn(Steady).Executes(() => Assert.True(Works, "does not work"));
    Target Steady => _ => _.Executes(() => Log.Information("steady"));
}
