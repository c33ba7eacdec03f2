using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Transforms;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>The chain of transforms and trainer behind each <see cref="TrainerKind"/> that ML.NET trains. All
/// of it is saved with the model, so the server feeds raw features to the very same chain.</summary>
internal static class TrainerChains
{
    // Columns that the chains add.
    private const string Filled = "Filled";
    private const string Absent = "Absent";
    private const string Prepared = "Prepared";

    // SDCA is at its best after a few passes, and by its own rule would go on for many more.
    private const int LinearPasses = 20;

    public static IEstimator<ITransformer> For(
        MLContext ml, FeatureSchema features, TrainingOptions options, LearningTaskKind kind) =>
        (options.Trainer, kind) switch
        {
            (TrainerKind.FastTree, LearningTaskKind.Regression) => ForTrees(ml).Append(FastTree(ml, options)),
            (TrainerKind.FastTree, LearningTaskKind.Binary) => ForTrees(ml).Append(FastTreeOfTwo(ml, options)),
            (TrainerKind.FastForest, LearningTaskKind.Regression) => ForTrees(ml).Append(FastForest(ml, options)),
            (TrainerKind.Linear, _) => ForLinear(ml, features).Append(Linear(ml, kind)),
            _ => throw new ArgumentException($"BUG: ML.NET has no {options.Trainer} of {kind} here."),
        };

    /// <summary>Gives each row the probability of the label true: the trees add up to its logit.</summary>
    public static IEstimator<ITransformer> FastTreeOfTwo(MLContext ml, TrainingOptions options) =>
        ml.BinaryClassification.Trainers.FastTree(Grown(
            new FastTreeBinaryTrainer.Options { LearningRate = options.LearningRate }, options));

    private static IEstimator<ITransformer> FastTree(MLContext ml, TrainingOptions options) =>
        ml.Regression.Trainers.FastTree(Grown(
            new FastTreeRegressionTrainer.Options { LearningRate = options.LearningRate }, options));

    // What all trees have in common, boosted or not.
    private static T Grown<T>(T trees, TrainingOptions options) where T : TreeOptions
    {
        trees.LabelColumnName = TrainingColumns.Label;
        trees.FeatureColumnName = Prepared;
        trees.NumberOfTrees = options.Iterations;
        trees.NumberOfLeaves = options.Leaves;
        trees.MinimumExampleCountPerLeaf = options.MinRowsPerLeaf;
        trees.MaximumBinCountPerFeature = options.Bins;
        trees.NumberOfThreads = options.Threads;
        trees.Seed = options.Seed;
        trees.FeatureSelectionSeed = options.Seed;
        return trees;
    }

    /// <summary>Gives each row the mean of the labels of rows like it.</summary>
    public static IEstimator<ITransformer> FastForest(MLContext ml, TrainingOptions options) =>
        ml.Regression.Trainers.FastForest(Grown(new FastForestRegressionTrainer.Options
        {
            // By default a tree sees seven features of ten, beside seven of ten of those at each split. A tree without
            // the one feature that matters knows little more than the mean, and pulls all predictions there.
            FeatureFraction = 1,
            // Labels of each leaf, for quantiles that nobody asks a model for here.
            NumberOfQuantileSamples = 1,
        }, options));

    /// <summary>What FastTree and FastForest are given. They leave out training rows with absent values. So those
    /// become the column's mean, and a second column per feature says where: a tree can tell an absent value from an
    /// average one.</summary>
    public static EstimatorChain<ColumnConcatenatingTransformer> ForTrees(MLContext ml) =>
        WithoutAbsent(ml, TrainingColumns.Features).Append(ml.Transforms.Concatenate(Prepared, Filled, Absent));

    private static EstimatorChain<MissingValueReplacingTransformer> WithoutAbsent(MLContext ml, string column) =>
        new EstimatorChain<ITransformer>()
            .Append(ml.Transforms.IndicateMissingValues("AbsentFlags", column))
            .Append(ml.Transforms.Conversion.ConvertType(Absent, "AbsentFlags", DataKind.Single))
            .Append(ml.Transforms.ReplaceMissingValues(
                Filled, column, MissingValueReplacingEstimator.ReplacementMode.Mean));

    // Absent numbers become the mean, which scaling makes 0, beside a feature that says so; codes become one feature
    // each.
    private static EstimatorChain<ITransformer> ForLinear(MLContext ml, FeatureSchema features)
    {
        var chain = new EstimatorChain<ITransformer>();
        var parts = new List<string>();
        if (features.Columns.Any(column => column.Kind == FeatureKind.Numeric))
        {
            chain = chain.Append<ITransformer>(WithoutAbsent(ml, TrainingColumns.Numbers))
                .Append<ITransformer>(ml.Transforms.NormalizeMeanVariance("Scaled", Filled, fixZero: false));
            parts.AddRange(["Scaled", Absent]);
        }
        if (features.Columns.Any(column => column.Kind == FeatureKind.Categorical))
        {
            chain = chain.Append<ITransformer>(ml.Transforms.Categorical.OneHotEncoding("Hot", TrainingColumns.Codes));
            parts.Add("Hot");
        }
        return chain
            .Append<ITransformer>(ml.Transforms.Concatenate(Prepared, [.. parts]))
            .AppendCacheCheckpoint(ml);
    }

    // With more than one thread each of them learns other weights: SDCA in every run, L-BFGS by the number of threads.
    private static IEstimator<ITransformer> Linear(MLContext ml, LearningTaskKind kind) => kind switch
    {
        // SDCA, as it is the only trainer of squared loss here that converges without a learning rate to tune.
        LearningTaskKind.Regression => ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            LabelColumnName = TrainingColumns.Label,
            FeatureColumnName = Prepared,
            MaximumNumberOfIterations = LinearPasses,
            NumberOfThreads = 1,
            // Treats the bias as the weight of a feature that is always 1. At its default of 1 a row of zeros makes
            // every weight NaN.
            BiasLearningRate = 0,
        }),
        // Weights that are small where a class is told apart without any error, and otherwise hardly touched: an
        // L2 of 1 beside the loss of all rows together.
        LearningTaskKind.Binary => ml.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options
            {
                LabelColumnName = TrainingColumns.Label,
                FeatureColumnName = Prepared,
                L1Regularization = 0,
                L2Regularization = 1,
                NumberOfThreads = 1,
            }),
        _ => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = TrainingColumns.Label,
                FeatureColumnName = Prepared,
                L1Regularization = 0,
                L2Regularization = 1,
                NumberOfThreads = 1,
            }),
    };
}
