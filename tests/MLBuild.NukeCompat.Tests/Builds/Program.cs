namespace Builds;

/// <summary>Starts the build that the environment names.</summary>
public static class Program
{
    public static int Main() => Environment.GetEnvironmentVariable("BUILD") switch
    {
#if BEHAVIOURS
        "Behaviours" => Build.Main(),
#endif
        "Ambiguous" => AmbiguousBuild.Start(),
        "Circle" => CircleBuild.Start(),
        "Components" => ComponentsBuild.Start(),
        "Conditions" => ConditionsBuild.Start(),
        "Events" => EventsBuild.Start(),
        "Extended" => ExtendedBuild.Start(),
        "Failing" => FailingBuild.Start(),
        "Hidden" => HiddenBuild.Start(),
        "Inheriting" => InheritingBuild.Start(),
        "Interrupted" => InterruptedBuild.Start(),
        "Logging" => LoggingBuild.Start(),
        "Nothing" => NothingBuild.Start(),
        "Parameters" => ParametersBuild.Start(),
        "Processes" => ProcessesBuild.Start(),
        "Quiet" => QuietBuild.Start(),
        "Requirements" => RequirementsBuild.Start(),
        "Self" => SelfBuild.Start(),
        "Workflow" => WorkflowBuild.Start(),
        var other => throw new InvalidOperationException($"BUILD is '{other}', which is no build of this program.")
    };
}
