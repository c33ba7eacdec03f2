using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Tests.Models;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>What a model loses without a feature.</summary>
public sealed class PermutingFeatures
{
    private const int Rows = 500;

    private static readonly ScoringModel Model = SampleFeatures.Load(ModelTraining.Train(
        SampleFeatures.Trips(2_000), SampleFeatures.Quick(TrainerKind.FastTree)));

    private static IReadOnlyList<FeatureImportance> Of(ulong seed, params FeatureGroup[] together)
    {
        var batch = SampleFeatures.Trips(Rows, seed: 2).Read().Single();
        return PermutationImportance.Of(
            Model, batch.Values[..(Rows * 3)], batch.Labels[..Rows], together, repetitions: 3, seed);
    }

    [Fact]
    public void TheMoreAFeatureTellsTheMoreIsLost()
    {
        var found = Of(seed: 1);
        Assert.Equal(["miles", "zone", "hour"], found.Select(one => one.Name));
        // Of distances that are others' by chance, a price of 2 per mile is off by more than 10.
        Assert.InRange(Number(found[0].Rise), 10, 25);
        Assert.InRange(Number(found[1].Rise), 1, 6);
        // Nothing depends on the hour.
        Assert.InRange(Number(found[2].Rise), -0.1, 0.1);
        Assert.All(found, one => Assert.InRange(Number(one.Rise), Number(one.Least), Number(one.Most)));
    }

    [Fact]
    public void FeaturesOfOneColumnMoveTogether()
    {
        var found = Of(seed: 1, new FeatureGroup("trip", ["miles", "zone"]));
        Assert.Equal(["trip", "hour"], found.Select(one => one.Name));
        Assert.Equal(["miles", "zone"], found[0].Features);
        Assert.True(Number(found[0].Rise) > Number(Of(seed: 1)[0].Rise));
    }

    [Fact]
    public void SeedDecidesThePermutation()
    {
        Assert.Equal(Of(seed: 1).Select(one => one.Rise), Of(seed: 1).Select(one => one.Rise));
        Assert.NotEqual(Of(seed: 1).Select(one => one.Rise), Of(seed: 2).Select(one => one.Rise));
    }

    [Fact]
    public void AFeatureThatTheModelDoesNotTakeIsNamed() => Assert.Equal(
        "The features of 'trip' move together, and 'speed' is none that the model takes. It takes miles, hour, zone.",
        Assert.Throws<ArgumentException>(() => Of(seed: 1, new FeatureGroup("trip", ["miles", "speed"]))).Message);

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
