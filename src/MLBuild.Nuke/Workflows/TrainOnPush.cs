namespace MLBuild.Nuke.Workflows;

/// <summary>Makes a model of what is pushed to the main branch, and keeps the store for all later runs.</summary>
public sealed record TrainOnPush() : Workflow("train")
{
    /// <summary>The target that gives the model its version.</summary>
    public required string Target { get; init; }

    private protected override string Body() => $$$"""
        on:
          push:
            branches: [{{{Branch}}}]

        {{{WorkflowSteps.ReadOnly}}}
        {{{WorkflowSteps.OneAtATime}}}
        jobs:
          train:
            runs-on: {{{RunsOn}}}
            timeout-minutes: {{{TimeoutMinutes}}}
            steps:
        {{{WorkflowSteps.Prepare}}}{{{WorkflowSteps.RestoreStore}}}      - name: Train
                run: ./build.sh {{{Target}}}
        {{{WorkflowSteps.Environment(Variables)}}}{{{WorkflowSteps.SaveStore(this)}}}
        """;

    private protected override IEnumerable<(string Member, string Value)> Values() => [(nameof(Target), Target)];
}
