using MLBuild.Registry;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>Two registered versions of one model, made once; each test deploys in an environment of its own.</summary>
public sealed class TwoVersions : IAsyncLifetime
{
    private int _environments;

    internal PipelineSpace Space { get; } = new();

    internal IModelRegistry Registry => Space.Place.Open(TimeProvider.System);

    public async Task InitializeAsync()
    {
        var build = new SaleBuild(Space);
        Space.Write("a.csv", Sales.Csv(2000, seed: 1));
        await build.Done("Register");
        // What the second is judged against.
        build.Deploy(1);
        build.Train = build.Train with { Iterations = 40 };
        await build.Done("Register");
    }

    public Task DisposeAsync()
    {
        Space.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>An environment that serves the first version, deployed by ann.</summary>
    public string NewEnvironment()
    {
        var environment = $"environment{Interlocked.Increment(ref _environments)}";
        Space.Registry.Deploy(new("sales", environment, 1, "ann", "first"));
        return environment;
    }
}
