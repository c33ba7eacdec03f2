using System.Globalization;
using System.Text;
using Microsoft.ML;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>A model in LightGBM's own text, which every program with LightGBM saves and reads: how a model that was
/// trained outside becomes one of ours.</summary>
public static class LightGbmText
{
    // What these predict is the sum of the trees; others put it through a function that ML.NET would not.
    private static readonly string[] OfNumbers =
        ["regression", "regression_l1", "huber", "fair", "quantile", "mape"];

    /// <summary>Gives the regression that <see cref="ScoringModel.Load"/> reads.</summary>
    /// <inheritdoc cref="ToCanonicalModel(byte[], FeatureSchema, LearningTask)"/>
    public static byte[] ToCanonicalModel(byte[] text, FeatureSchema features) =>
        ToCanonicalModel(text, features, LearningTask.Regression);

    /// <summary>Gives the model that <see cref="ScoringModel.Load"/> reads. The same text gives the same
    /// bytes.</summary>
    /// <param name="features">What the program trained on: all of it, in this order.</param>
    /// <exception cref="ForeignModelException">The text is no model of this task and from these features that would
    /// score here as it does in LightGBM.</exception>
    public static byte[] ToCanonicalModel(byte[] text, FeatureSchema features, LearningTask task)
    {
        var lines = Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.TrimEntries);
        Demand(lines, features, task);
        try
        {
            return ToCanonicalModel(text, features, task, seed: 0);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException
            or IndexOutOfRangeException or KeyNotFoundException or OverflowException)
        {
            throw new ForeignModelException($"The text is not a whole model of LightGBM: {error.Message}", error);
        }
    }

    /// <summary>What the program set, as the text says at its end.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(byte[] text) =>
        Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => line != "parameters:").Skip(1).TakeWhile(line => line != "end of parameters")
            .Select(line => line.Trim('[', ']').Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    internal static byte[] ToCanonicalModel(byte[] text, FeatureSchema features, LearningTask task, int seed)
    {
        var ml = new MLContext(seed);
        var columns = new FeatureColumns(features, task);
        // Given LightGBM's text, the trainers read no rows.
        var none = new FeatureDataView(new FeaturesInMemory(features, [], []), columns, CancellationToken.None);
        using var model = new MemoryStream(LightGbmSplits.Exact(text, features));
        ITransformer transformer = task.Kind switch
        {
            LearningTaskKind.Regression => ml.Regression.Trainers.LightGbm(model, TrainingColumns.Features).Fit(none),
            LearningTaskKind.Binary =>
                ml.BinaryClassification.Trainers.LightGbm(model, TrainingColumns.Features).Fit(none),
            _ => ml.MulticlassClassification.Trainers.LightGbm(model, TrainingColumns.Features).Fit(none),
        };
        return CanonicalModel.Of(ml, transformer, columns, $"{TrainerKind.LightGbm}");
    }

    private static void Demand(string[] lines, FeatureSchema features, LearningTask task)
    {
        if (lines is not ["tree", ..] || !lines.Contains("end of parameters"))
            throw new ForeignModelException(
                "The text is not a whole model of LightGBM, which begins with 'tree' and says its parameters at the "
                + "end. Save it with LightGBM's save_model.");
        DemandObjective(Value("objective"), task);
        // ML.NET takes the sigmoid from here, and 0.5 where it is not said.
        if (task.Kind == LearningTaskKind.Binary && !lines.Contains("[sigmoid: 1]"))
            throw new ForeignModelException(
                "The model's parameters do not say '[sigmoid: 1]', as those of its objective do. Save it with "
                + "LightGBM's save_model.");
        if (lines.Contains("average_output"))
            throw new ForeignModelException(
                "The model is the mean of its trees, which ML.NET would add up. Train it with boosting 'gbdt' or "
                + "'dart'.");
        if (lines.Any(line => line.StartsWith("is_linear=", StringComparison.Ordinal) && line != "is_linear=0"))
            throw new ForeignModelException(
                "The model's leaves are linear functions, which ML.NET reads as constants. Train it without "
                + "linear_tree.");
        if (lines.Any(line => line.StartsWith("num_cat=", StringComparison.Ordinal) && line != "num_cat=0"))
            throw new ForeignModelException(
                "The model splits by categories, which ML.NET reads otherwise. Train it with numbers only.");
        DemandFeatures(Value("feature_names").Split(' '), features);

        string Value(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            ?? throw new ForeignModelException(
                $"The model does not say its {name}. Save it with LightGBM's save_model.");
    }

    private static void DemandObjective(string objective, LearningTask task)
    {
        var parts = objective.Split(' ');
        var (isExpected, expected) = task.Kind switch
        {
            LearningTaskKind.Regression => (OfNumbers.Contains(parts[0]) && !parts.Contains("sqrt"),
                $"one whose trees add up to the prediction: {string.Join(", ", OfNumbers)}"),
            LearningTaskKind.Binary => (objective == "binary sigmoid:1", "'binary sigmoid:1'"),
            _ => (objective == string.Create(CultureInfo.InvariantCulture,
                    $"multiclass num_class:{task.Classes.Count}"),
                string.Create(CultureInfo.InvariantCulture, $"'multiclass num_class:{task.Classes.Count}'")
                + (parts[0] == "multiclassova"
                    ? ": the probabilities of multiclassova do not add up to 1, and ML.NET would make them"
                    : "")),
        };
        if (!isExpected)
            throw new ForeignModelException($"The model's objective is '{objective}', expected {expected}.");
    }

    private static void DemandFeatures(string[] names, FeatureSchema features)
    {
        var expected = features.Names.ToArray();
        var isUnnamed = names.Index().All(name =>
            name.Item == string.Create(CultureInfo.InvariantCulture, $"Column_{name.Index}"));
        if (names.Length != expected.Length || (!isUnnamed && !names.SequenceEqual(expected)))
            throw new ForeignModelException(
                $"The model takes the features {string.Join(", ", names)}; here they are "
                + $"{string.Join(", ", expected)}. Train it with all of them, in this order.");
    }
}

/// <summary>A model that was trained outside cannot be used here.</summary>
public sealed class ForeignModelException(string message, Exception? cause = null) : Exception(message, cause);
