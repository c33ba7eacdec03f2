namespace MLBuild.Nuke.Workflows;

/// <summary>Looks at what the serving model gets, and trains anew when that says so. What is trained has to be deployed
/// by somebody.</summary>
/// <remarks>A run that is green has a verdict, and nobody has to look at it: without a verdict, and when the data is
/// bad, it fails, and nothing is learned.</remarks>
public sealed record MonitorOnSchedule() : Workflow("monitor")
{
    /// <summary>The target that judges. Its step has an output <c>verdict</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The target that trains and gives the model its version.</summary>
    public required string Retrain { get; init; }

    /// <summary>The verdicts on which it trains anew.</summary>
    public required IReadOnlyList<string> RetrainOn { get; init; }

    /// <summary>The verdicts on which somebody has to look first.</summary>
    public required IReadOnlyList<string> FailOn { get; init; }

    /// <summary>When, as five fields of cron in UTC; not at a full hour, when the service has most to do.</summary>
    public string Cron { get; init; } = "17 4 * * *";

    private protected override string Body() => $$$"""
        on:
          schedule:
            - cron: '{{{Cron}}}'
          workflow_dispatch:

        {{{WorkflowSteps.ReadOnly}}}
        {{{WorkflowSteps.OneAtATime}}}
        jobs:
          monitor:
            if: github.ref == 'refs/heads/{{{Branch}}}'
            runs-on: {{{RunsOn}}}
            timeout-minutes: {{{TimeoutMinutes}}}
            steps:
        {{{WorkflowSteps.Prepare}}}{{{WorkflowSteps.RestoreStore}}}      - name: Monitor
                id: monitor
                run: ./build.sh {{{Target}}}
        {{{WorkflowSteps.Environment(Variables)}}}      - name: Retrain
                if: {{{Any(RetrainOn)}}}
                run: ./build.sh {{{Retrain}}}
        {{{WorkflowSteps.Environment(Variables)}}}      - name: Nothing is learned
                if: {{{Any([.. FailOn, ""])}}}
                run: |
                  echo "::error::Monitor's verdict is '$VERDICT': look at its summary before anything is learned."
                  exit 1
                env:
                  VERDICT: ${{ steps.monitor.outputs.verdict }}
        {{{WorkflowSteps.SaveStore(this)}}}
        """;

    private protected override IEnumerable<(string Member, string Value)> Values() =>
    [
        (nameof(Target), Target), (nameof(Retrain), Retrain), (nameof(Cron), Cron),
        .. RetrainOn.Select(verdict => (nameof(RetrainOn), verdict)),
        .. FailOn.Select(verdict => (nameof(FailOn), verdict)),
    ];

    private static string Any(IReadOnlyList<string> verdicts) =>
        string.Join(" || ", verdicts.Select(verdict => $"steps.monitor.outputs.verdict == '{verdict}'"));
}
