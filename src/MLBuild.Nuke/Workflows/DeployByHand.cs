namespace MLBuild.Nuke.Workflows;

/// <summary>Deploys a version when somebody asks for it, with the protection rules of that environment. The build has
/// parameters <c>ModelVersion</c>, <c>ServingEnvironment</c> and <c>Strategy</c>.</summary>
/// <remarks>What is typed reaches the build through its environment: no shell reads it, and it cannot be another
/// switch.</remarks>
public sealed record DeployByHand() : Workflow("deploy")
{
    /// <summary>The target that deploys.</summary>
    public required string Target { get; init; }

    /// <summary>Those to choose from; the first one is offered.</summary>
    public required IReadOnlyList<string> Environments { get; init; }

    /// <summary>Those to choose from; the first one is offered.</summary>
    public required IReadOnlyList<string> Strategies { get; init; }

    private IReadOnlyList<WorkflowVariable> Typed =>
    [
        new("NUKE_MODEL_VERSION", "inputs.model-version"),
        new("NUKE_SERVING_ENVIRONMENT", "inputs.environment"),
        new("NUKE_STRATEGY", "inputs.strategy"),
        .. Variables,
    ];

    private protected override string Body() => $$$"""
        on:
          workflow_dispatch:
            inputs:
              model-version:
                description: Number of the version
                type: string
                required: true
              environment:
                description: Where it is to serve
                type: choice
                required: true
                options: [{{{string.Join(", ", Environments)}}}]
              strategy:
                description: How it takes the place of the one that serves
                type: choice
                required: true
                options: [{{{string.Join(", ", Strategies)}}}]

        {{{WorkflowSteps.ReadOnly}}}
        {{{WorkflowSteps.OneAtATime}}}
        jobs:
          deploy:
            if: github.ref == 'refs/heads/{{{Branch}}}'
            runs-on: {{{RunsOn}}}
            timeout-minutes: {{{TimeoutMinutes}}}
            environment: ${{ inputs.environment }}
            steps:
        {{{WorkflowSteps.Prepare}}}{{{WorkflowSteps.RestoreStore}}}      - name: Deploy
                run: ./build.sh {{{Target}}}
        {{{WorkflowSteps.Environment(Typed)}}}{{{WorkflowSteps.SaveStore(this)}}}
        """;

    private protected override IEnumerable<(string Member, string Value)> Values() =>
    [
        (nameof(Target), Target),
        .. Environments.Select(environment => (nameof(Environments), environment)),
        .. Strategies.Select(strategy => (nameof(Strategies), strategy)),
    ];
}
