namespace MLBuild.NukeCompat.Tests;

/// <summary>What runs, what is skipped, what happens after a failure.</summary>
public sealed class RunningTargets : IDisposable
{
    private readonly Workspace _space = new();

    [Fact]
    public void CircleEndsTheBuildBeforeAnythingRuns()
    {
        var result = _space.Run("Circle", "Apart");

        Assert.Equal(
            [
                "Targets depend on each other in a circle: Train -> Gate -> Evaluate -> Train. "
                + "Remove one of these dependencies."
            ],
            result.Answer);
        Assert.Empty(result.Messages);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void TargetThatDependsOnItself() =>
        Assert.Equal(["Target 'Again' depends on itself."], _space.Run("Self").Lines);

    [Fact]
    public void TargetWithoutADefinitionIsNamed() => Assert.Equal(
        ["Target 'Nothing' is null. Write a target as: Target Nothing => _ => _.Executes(…);"],
        _space.Run("Nothing").Lines);

    [Fact]
    public void ConditionsAreAskedInTurnOrBefore()
    {
        var result = _space.Run("Conditions");

        // Shared and OnlyHere run although Cached is skipped later: its condition is asked when its turn comes.
        Assert.Equal(["shared", "other", "kept", "only here"], result.Messages);
        Assert.Equal(
            [
                "Shared Succeeded", "Other Succeeded", "TwoReasons Skipped // OnlyWhen: stale && IsStale",
                "Kept Succeeded", "Patient Skipped // OnlyWhen: Fresh", "OnlyHere Succeeded",
                "Cached Skipped // OnlyWhen: Fresh"
            ],
            result.Summary);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void SkippingTakesAlongWhatNobodyElseNeeds()
    {
        var result = _space.Run("Conditions", "--skip Cached Patient");

        Assert.Equal(["shared", "other", "kept"], result.Messages);
        Assert.Contains("OnlyHere Skipped // Skipped: because of Cached", result.Summary);
        Assert.Contains("Shared Succeeded", result.Summary);
    }

    [Fact]
    public void SkippedTargetTriggersNothing() =>
        Assert.Equal(
            ["Source Skipped // OnlyWhen: Fresh", "Triggering Succeeded", "Sink Skipped // Skipped: because of Source"],
            _space.Run("Conditions", "Triggering").Summary);

    [Fact]
    public void TriggeredTargetRunsAfterwards() =>
        Assert.Equal(["sink"], _space.Run("Conditions", "Triggering --fresh").Messages);

    [Fact]
    public void ConditionThatThrowsFailsTheBuild()
    {
        var result = _space.Run("Conditions", "AfterThrowing");

        Assert.Contains("System.InvalidOperationException: no network", result.Lines);
        Assert.Equal(["Throwing NotRun", "AfterThrowing NotRun"], result.Summary);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void MisspelledNameInSkipIsNotIgnored()
    {
        var result = _space.Run("Conditions", "--skip Chached");

        Assert.Equal(
            "Target with name 'Chached' does not exist. Did you mean 'Cached'? Available targets are:",
            result.Answer[0]);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void AllUnknownTargetsAreNamedAtOnce() =>
        Assert.Equal(
            [
                "Target with name 'Trian' does not exist. Did you mean 'Train'?",
                "Target with name 'Nope' does not exist. Available targets are:",
                "  - Apart", "  - Evaluate", "  - Gate", "  - Train"
            ],
            _space.Run("Circle", "Trian Nope").Answer);

    [Fact]
    public void AfterAFailureOnlyAssuredTargetsRunAndAllOfThem()
    {
        var result = _space.Run("Failing", "Last Cleaning Notifying");

        Assert.Equal(
            [
                "First Failed // InvalidOperationException: boom",
                "Cleaning Failed // InvalidOperationException: cleaning boom",
                "Notifying Succeeded", "Last NotRun"
            ],
            result.Summary);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void ProceedingFailureLetsOthersRunAndFailsTheBuild()
    {
        var result = _space.Run("Failing", "Next");

        Assert.Equal(["Flaky Failed // TimeoutException: slow", "Next Succeeded"], result.Summary);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void FailureOfATaskIsTheTargets() =>
        Assert.Equal(["Tasks Failed // TimeoutException: in a task"], _space.Run("Failing", "Tasks").Summary);

    [Fact]
    public void InnerExceptionsAreTold() =>
        Assert.Contains(" ---> System.IO.IOException: disk", _space.Run("Failing").Lines);

    [Fact]
    public void StackIsToldOnlyWhenVerbose()
    {
        var verbose = _space.Run("Failing", "--verbosity verbose");

        Assert.Contains(verbose.Lines, line => line.StartsWith("   at Builds.FailingBuild."));
        Assert.DoesNotContain(_space.Run("Failing").Lines, line => line.StartsWith("   at "));
    }

    [Fact]
    public void ContinueRepeatsWhatHasNotSucceeded()
    {
        Assert.Equal(
            ["Steady Succeeded", "Sometimes Failed // ArgumentException: does not work"],
            _space.Run("Failing", "Sometimes --continue").Summary);
        // Switches without values do not count as another invocation.
        Assert.Equal(
            ["Steady Skipped", "Sometimes Succeeded"], _space.Run("Failing", "Sometimes --continue --works").Summary);
        var other = _space.Run("Failing", "Steady --continue");
        Assert.Contains("[WRN] : Build invocation changed. Restarting ...", other.Lines);
        Assert.Equal(["Steady Succeeded"], other.Summary);
    }

    [Fact]
    public void PlanIsTextAndRunsNothing()
    {
        var result = _space.Run("Conditions", "--plan --skip Shared");

        Assert.Equal(
            [
                "Plan (8 targets, in this order):",
                "  Shared       // skipped via parameter",
                "  Other      -> Shared",
                "  TwoReasons   // only when stale && IsStale",
                "  Kept",
                "  Patient    -> Kept   // skipped, only when Fresh",
                "  OnlyHere",
                "  Cached     -> Shared, OnlyHere   // only when Fresh",
                "  All        -> Cached, Patient, TwoReasons, Other   // groups only"
            ],
            result.Answer);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void WithoutTargetAndDefaultHelpIsShown()
    {
        var result = _space.Run("Processes", "--target");

        Assert.Contains("Targets (with their direct dependencies):", result.Lines);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void TargetsInTwoPlacesAreNotGuessedBetween() =>
        Assert.Equal(
            ["Both 'Steady' and --target name targets. Use one of the two."],
            _space.Run("Failing", "Steady --target Next").Answer);

    public void Dispose() => _space.Dispose();
}
