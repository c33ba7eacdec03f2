using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace MLBuild.Serving.Tests;

/// <summary>A small trained model with its golden rows.</summary>
internal sealed class RideModel
{
    private RideModel(FeatureSet<Ride> features, RegressionTrainerKind trainer)
    {
        var rides = Enumerable.Range(0, 300).Select(Ride.Number).ToArray();
        var values = new float[rides.Length * features.Width];
        for (var i = 0; i < rides.Length; i++)
            features.Compute(rides[i], values.AsSpan(i * features.Width, features.Width));
        var source = new FeaturesInMemory(features.Schema, values, [.. rides.Select(ride => ride.Fare)]);

        var options = new RegressionOptions { Trainer = trainer, Iterations = 10, Leaves = 6 };
        Bytes = RegressionTraining.Train(source, options).CanonicalModel;
        Model = RegressionModel.Load(new MemoryStream(Bytes));
        Golden = GoldenRows.Choose(Model, source, 20).ToJson();
    }

    public static RideModel Trees { get; } = new(Ride.Features, RegressionTrainerKind.FastTree);

    public static RideModel Linear { get; } = new(Ride.Features, RegressionTrainerKind.Linear);

    /// <summary>Trained by feature code that knows no meter and counts something else instead.</summary>
    public static RideModel OfOtherFeatures { get; } = new(
        new FeatureSet<Ride>()
            .Numeric("distance", ride => ride.Distance)
            .Numeric("weekday", ride => (int)ride.PickupAt.DayOfWeek),
        RegressionTrainerKind.Linear);

    public byte[] Bytes { get; }

    public RegressionModel Model { get; }

    public string Golden { get; }
}
