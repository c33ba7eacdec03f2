using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Deploy;

/// <summary>What served, as a text that says which versions a challenger is compared with.</summary>
public sealed class ObservingServedVersions : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    private IModelRegistry Registry => _space.Registry;

    private int Register(double? rmse)
    {
        var model = ContentHash.Of($"model {Registry.Versions("sales").Count}");
        return Registry.Register(new("sales", model, new Evidence(
            model, model, GateOutcome.Passed,
            rmse is { } error ? new([new("rmse", error), new("mae", 1)]) : NamedValues<double>.None,
            new([new("split.json", model), new("golden.json", model)])), "ann")).Version.Number;
    }

    private void Deploy(int version, string? force = null, string environment = "production") =>
        Registry.Deploy(new("sales", environment, version, "ann", "test")
        {
            Override = force is null ? null : new(force),
        });

    private int[] Served() =>
        [.. ServedVersions.Parse(ServedVersions.Of(Registry, "sales", "production", "split.json"))
            .Select(version => version.Version)];

    [Fact]
    public void NothingServed()
    {
        Register(1);
        Assert.Equal("none", ServedVersions.Of(Registry, "sales", "production"));
        Assert.Empty(ServedVersions.Parse("none"));
    }

    [Fact]
    public void EachVersionIsNamedOnceWithWhatMatters()
    {
        Deploy(Register(3));
        Deploy(Register(2));
        Deploy(1);
        Deploy(Register(2), environment: "staging");
        var (first, second) = (ContentHash.Of("model 0"), ContentHash.Of("model 1"));
        var text = ServedVersions.Of(Registry, "sales", "production", "split.json");
        Assert.Equal(
            $"v1 model={first} split.json={first} | v2 model={second} split.json={second}", text);
        Assert.Equal(text, string.Join(" | ", ServedVersions.Parse(text)));
    }

    [Fact]
    public void AForcedVersionIsTheFirstOneToBeComparedWith()
    {
        Deploy(Register(3));
        Deploy(Register(3));
        Deploy(Register(3), force: "the others are wrong everywhere");
        Assert.Equal([3], Served());
        Deploy(Register(3));
        Assert.Equal([3, 4], Served());
    }

    [Fact]
    public void GoingBackToAForcedVersionForgetsNothing()
    {
        Deploy(Register(3));
        Deploy(Register(3), force: "the other is wrong everywhere");
        Deploy(Register(1));
        Deploy(2, force: "the other is wrong everywhere");
        Assert.Equal([2, 3], Served());
        Deploy(1, force: "it served before");
        Assert.Equal([1, 2, 3], Served());
    }

    [Fact]
    public void OfManyVersionsThoseWithTheLeastRegisteredErrorAreLookedAt()
    {
        Deploy(Register(null));
        for (var i = 0; i < ServedVersions.Most + 1; i++)
            Deploy(Register(i == 5 ? 99 : i));
        var served = Served();
        Assert.Equal(ServedVersions.Most, served.Length);
        // Neither the one without an error nor the one with the largest.
        Assert.Equal([2, 3, 4, 5, 6, 8], served[..6]);
    }
}
