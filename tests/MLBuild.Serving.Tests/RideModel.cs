using MLBuild.Engine.Code;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace MLBuild.Serving.Tests;

/// <summary>A small trained model with its golden rows.</summary>
internal sealed class RideModel
{
    private RideModel(FeatureSet<Ride> features, TrainerKind trainer)
        : this(features, trainer, LearningTask.Regression, ride => ride.Fare)
    {
    }

    private RideModel(FeatureSet<Ride> features, TrainerKind trainer, LearningTask task, Func<Ride, double> label)
    {
        var rides = Enumerable.Range(0, 300).Select(Ride.Number).ToArray();
        Fitted = Ride.Fit(features, rides);
        var values = new float[rides.Length * features.Width];
        for (var i = 0; i < rides.Length; i++)
            Fitted.ComputeTraining(
                rides[i], Ride.Definition.Key(rides[i]), values.AsSpan(i * features.Width, features.Width));
        var source = new FeaturesInMemory(features.Schema, values, [.. rides.Select(label)]);

        var options = new TrainingOptions { Trainer = trainer, Iterations = 10, Leaves = 6 };
        Bytes = ModelTraining.Train(source, options, task).CanonicalModel;
        Model = ScoringModel.Load(new MemoryStream(Bytes));
        Golden = GoldenRows.Choose(Model, source, 20).ToJson();
        Code = CodeOf(features);
        using var state = new MemoryStream();
        Fitted.State.Write(state);
        State = state.ToArray();
    }

    public static RideModel Trees { get; } = new(Ride.Features, TrainerKind.FastTree);

    public static RideModel Linear { get; } = new(Ride.Features, TrainerKind.Linear);

    /// <summary>Trained by another revision.</summary>
    public static RideModel OfOtherFeatures { get; } = new(Ride.OtherFeatures, TrainerKind.Linear);

    /// <summary>Says whether a ride is dear.</summary>
    public static RideModel Binary { get; } = new(
        Ride.Features, TrainerKind.FastTree, LearningTask.Binary("cheap", "dear"), ride => ride.Fare > 15 ? 1 : 0);

    /// <summary>Says how dear a ride is.</summary>
    public static RideModel Multiclass { get; } = new(
        Ride.Features, TrainerKind.LightGbm, LearningTask.Multiclass("cheap", "usual", "dear"),
        ride => ride.Fare > 25 ? 2 : ride.Fare > 10 ? 1 : 0);

    /// <summary>Trained with features that look up what training rows told.</summary>
    public static RideModel OfFittedFeatures { get; } = new(Ride.FittedFeatures, TrainerKind.FastTree);

    public byte[] Bytes { get; }

    public FittedFeatures<Ride> Fitted { get; }

    /// <summary>What its training rows told.</summary>
    public byte[] State { get; }

    /// <summary>What its feature code is.</summary>
    public string Code { get; }

    public ScoringModel Model { get; }

    public string Golden { get; }

    public static string CodeOf(FeatureSet<Ride> features) =>
        ReachabilityFingerprint.OfThisProgram().OfFunction("features of Ride", features.Serve).Text;
}
