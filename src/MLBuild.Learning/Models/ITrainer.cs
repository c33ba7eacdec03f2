using Microsoft.ML;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>A trainer that a team writes, from whatever ML.NET has or the team's own estimators. A record whose members
/// are its hyper-parameters is at the same time the options of its stage, so that each of them is an input.</summary>
public interface ITrainer
{
    /// <summary>What it is called in the model, in records and in logs.</summary>
    string Name { get; }

    /// <summary>Start of every random choice: the seed of the context that the chain is made in.</summary>
    int Seed { get; }

    /// <summary>Throws <see cref="ArgumentException"/> unless every hyper-parameter is in its range.</summary>
    void Validate();

    /// <summary>The chain of transforms and trainer. It is saved with the model whole; a server feeds raw features to
    /// it. It must give the same for the same rows: pin the threads of trainers that are not deterministic with
    /// several. What it ends in depends on the task: a column <c>Score</c>, one <see cref="float"/> for each row, for a
    /// regression; a column <c>Probability</c>, one <see cref="float"/> for each row, of the second class, for two
    /// classes; a column <c>Score</c>, a vector with the probability of each class, for several.</summary>
    /// <param name="ml">Made for this training, with <see cref="Seed"/>.</param>
    /// <param name="features">What the columns of <see cref="TrainingColumns"/> hold.</param>
    /// <param name="task">What is to be predicted.</param>
    /// <exception cref="ArgumentException">It does not train for such a task.</exception>
    IEstimator<ITransformer> Chain(MLContext ml, FeatureSchema features, LearningTask task);
}

/// <summary>The columns under which a trainer sees feature rows, and those that its chain ends in. All features are
/// vectors of <see cref="float"/>, NaN where a value is absent.</summary>
public static class TrainingColumns
{
    /// <summary>A <see cref="float"/> of a regression, a <see cref="bool"/> of two classes, a key of several, whose
    /// values are called as the classes are.</summary>
    public const string Label = "Label";

    /// <summary>All features, in their order.</summary>
    public const string Features = "Features";

    /// <summary>The features whose order and distance have meaning; left out where there are none.</summary>
    public const string Numbers = "Numbers";

    /// <summary>The features that are codes; left out where there are none.</summary>
    public const string Codes = "Codes";

    /// <summary>What a chain ends in: the prediction of a regression, the probabilities of all classes.</summary>
    public const string Score = "Score";

    /// <summary>What a chain of two classes ends in: the probability of the second.</summary>
    public const string Probability = "Probability";
}
