namespace MLBuild.Nuke.Workflows;

/// <summary>Looks at what the serving model gets, and trains anew when that says so. The build has a parameter
/// <c>Strategy</c>.</summary>
/// <remarks>A run that is green needs nobody to look at it: when the data is bad, when the gate does not pass, and when
/// what was deployed was rolled back, the target fails. Its step has an output <c>verdict</c>.</remarks>
public sealed record MonitorOnSchedule() : Workflow("monitor")
{
    /// <summary>The target that judges, and trains anew if it has to.</summary>
    public required string Target { get; init; }

    /// <summary>How what is trained comes to serve. Default <c>none</c>: a person deploys it. A canary is for a
    /// registry that servers share with this repository: it needs their traffic, and a
    /// <see cref="Workflow.TimeoutMinutes"/> that is longer than it takes.</summary>
    public string Strategy { get; init; } = "none";

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
                run: ./build.sh {{{Target}}} --strategy {{{Strategy}}}
        {{{WorkflowSteps.Environment(Variables)}}}{{{WorkflowSteps.SaveStore(this)}}}
        """;

    private protected override IEnumerable<(string Member, string Value)> Values() =>
        [(nameof(Target), Target), (nameof(Strategy), Strategy), (nameof(Cron), Cron)];
}
