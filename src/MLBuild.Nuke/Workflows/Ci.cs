namespace MLBuild.Nuke.Workflows;

/// <summary>For each pull request, and for what came of it on the main branch: the tests. For a pull request also the
/// stages that its change makes stale, against the main branch's store, with a summary of what ran and why. It saves no
/// store, so that proposals cannot crowd the main branch's out of the cache, and gets no secret.</summary>
public sealed record Ci() : Workflow("ci")
{
    /// <summary>The command that runs the tests.</summary>
    public required string Tests { get; init; }

    /// <summary>The target up to which stages are brought up to date: one that changes nothing outside.</summary>
    public required string Target { get; init; }

    private protected override string Body() => $$$"""
        on:
          pull_request:
          push:
            branches: [{{{Branch}}}]

        {{{WorkflowSteps.ReadOnly}}}
        concurrency:
          group: ci-${{ github.ref }}
          cancel-in-progress: ${{ github.event_name == 'pull_request' }}

        jobs:
          test:
            runs-on: {{{RunsOn}}}
            timeout-minutes: {{{TimeoutMinutes}}}
            steps:
        {{{WorkflowSteps.Prepare}}}      - name: Tests
                run: {{{Tests}}}

          stages:
            if: github.event_name == 'pull_request'
            runs-on: {{{RunsOn}}}
            timeout-minutes: {{{TimeoutMinutes}}}
            steps:
        {{{WorkflowSteps.Prepare}}}{{{WorkflowSteps.RestoreStore}}}      - name: Stages that the change makes stale
                run: ./build.sh {{{Target}}}

        """;

    private protected override IEnumerable<(string Member, string Value)> Values() =>
        [(nameof(Tests), Tests), (nameof(Target), Target)];
}
