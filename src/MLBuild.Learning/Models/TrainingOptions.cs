using System.Globalization;
using System.Text.Json.Serialization;
using MLBuild.Learning.Splits;

namespace MLBuild.Learning.Models;

/// <summary>The algorithms that can learn from features: a number, or probabilities of classes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrainerKind>))]
public enum TrainerKind
{
    /// <summary>Gradient boosted trees, in native code: the most accurate and the fastest. Needs libgomp on
    /// Linux.</summary>
    LightGbm,

    /// <summary>Gradient boosted trees, in managed code: runs wherever .NET does.</summary>
    FastTree,

    /// <summary>Trees that are grown apart from each other, each from a part of the rows, and averaged: less accurate
    /// than boosted ones, hard to overfit. In managed code.</summary>
    FastForest,

    /// <summary>A weighted sum of the features, of classes a logistic regression: what the trees have to
    /// beat.</summary>
    Linear,
}

/// <summary>Everything that decides what is learned from given rows. Equal options and rows give equal bytes on one
/// class of machine.</summary>
public sealed record TrainingOptions
{
    /// <summary>Default LightGbm.</summary>
    public TrainerKind Trainer { get; init; } = TrainerKind.LightGbm;

    /// <summary>Number of trees; of three classes or more, for each of them. 1 to 10,000, default 300. Time and size
    /// grow in proportion. Linear does not use it.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>Most leaves of one tree. 2 to 4,096, default 127. Linear does not use it.</summary>
    public int Leaves { get; init; } = 127;

    /// <summary>The part of each tree's correction that is taken. Above 0, up to 1, default 0.1. FastForest and Linear
    /// do not use it.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Fewest training rows of a leaf. 1 to 1,000,000, default 20. Linear does not use it.</summary>
    public int MinRowsPerLeaf { get; init; } = 20;

    /// <summary>Most intervals into which a feature's values are cut before they are split. 2 to 32,767, default 1,023.
    /// Each holds about equally many rows, so few of them leave the long tail of a feature in one interval. Linear does
    /// not use it.</summary>
    public int Bins { get; init; } = 1023;

    /// <summary>Start of every random choice. Any number, default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads. 1 to 256, default 1: LightGBM's threads spin while they wait, and slow each other down on a
    /// machine that does other work; trainings with one thread run side by side. Predictions do not depend on it.
    /// FastTree and FastForest write it into the model. Linear always takes 1, as it would learn other weights in every
    /// run with more.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>After how many iterations without a smaller loss on the validation rows training stops; the model is
    /// that of the smallest loss. 1 to 10,000, or null, the default, to grow all trees from all rows. Only LightGbm
    /// stops early.</summary>
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>The part of the training rows, by the hash of their key, from which no tree is grown where training may
    /// stop early. Above 0, up to 0.5, default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Which training rows are set aside to stop by. Dealt by another seed than hold-out rows are: with the
    /// same one, training rows would be on one side of it.</summary>
    public KeySplit ValidationSplit() => new() { HoldOutShare = ValidationShare, SplitSeed = ~Seed };

    /// <summary>Throws unless every member is in its range.</summary>
    /// <exception cref="ArgumentException">The message names every member that is not.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        var trainers = string.Join(", ", Enum.GetNames<TrainerKind>());
        Demand(Enum.IsDefined(Trainer), nameof(Trainer), Trainer, $"one of {trainers}");
        Demand(Iterations is >= 1 and <= 10_000, nameof(Iterations), Iterations, "1 to 10000");
        Demand(Leaves is >= 2 and <= 4096, nameof(Leaves), Leaves, "2 to 4096");
        Demand(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0, up to 1");
        Demand(MinRowsPerLeaf is >= 1 and <= 1_000_000, nameof(MinRowsPerLeaf), MinRowsPerLeaf, "1 to 1000000");
        Demand(Bins is >= 2 and <= 32_767, nameof(Bins), Bins, "2 to 32767");
        Demand(ValidationShare is > 0 and <= 0.5, nameof(ValidationShare), ValidationShare, "above 0, up to 0.5");
        if (EarlyStoppingRounds is { } rounds)
        {
            Demand(rounds is >= 1 and <= 10_000, nameof(EarlyStoppingRounds), rounds, "1 to 10000");
            Demand(Trainer == TrainerKind.LightGbm, nameof(EarlyStoppingRounds), rounds,
                $"none with {Trainer}: only LightGbm stops early");
        }
        Demand(Threads is >= 1 and <= 256, nameof(Threads), Threads, "1 to 256");
        if (faults.Count > 0)
            throw new ArgumentException($"Training cannot start: {string.Join("; ", faults)}.");

        void Demand(bool holds, string member, object value, string expected)
        {
            if (!holds)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{member} is {value}, expected {expected}"));
        }
    }
}
