using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Probabilities from trainers that have none of their own: each class is told from all others by a model of
/// its own, and the probabilities of a row are made to add up to 1.</summary>
/// <remarks>A forest's model of a class is one of the label 1 where a row is of the class and 0 where not, so that its
/// mean over leaves is the class's share among rows like the one that is scored. Source: Malley, Kruppa, Dasgupta,
/// Malley, Ziegler, "Probability Machines", Methods of Information in Medicine 51, 2012. ML.NET's forest of two classes
/// has votes instead, for which a calibration would have to be learned from further rows.</remarks>
internal sealed class OneVersusAll(
    MLContext ml, IFeatureSource rows, TrainingOptions options, CancellationToken cancellation)
{
    private const string Shares = "Shares";

    public static bool IsNeeded(TrainerKind trainer, LearningTask task) => (trainer, task.Kind) is
        (TrainerKind.FastForest, LearningTaskKind.Binary)
        or (TrainerKind.FastForest or TrainerKind.FastTree, LearningTaskKind.Multiclass);

    /// <param name="classRows">Rows of each class.</param>
    public ITransformer Fit(LearningTask task, long[] classRows)
    {
        var prepared = TrainerChains.ForTrees(ml).Fit(View(rows, LearningTask.Regression));
        if (task.Kind == LearningTaskKind.Binary)
            return new TransformerChain<ITransformer>(
                prepared, OfClass(prepared, 1, classRows, TrainingColumns.Probability));

        var names = task.Classes.Select((_, label) => ColumnOf(label)).ToArray();
        var models = names.Select((name, label) => OfClass(prepared, label, classRows, name)).ToArray();
        var apart = new TransformerChain<ITransformer>([prepared, .. models]);
        var together = ml.Transforms.Concatenate(Shares, names)
            .Append(ml.Transforms.NormalizeLpNorm(
                TrainingColumns.Score, Shares, Microsoft.ML.Transforms.LpNormNormalizingEstimatorBase.NormFunction.L1))
            .Fit(apart.Transform(View(rows, LearningTask.Regression)));
        return new TransformerChain<ITransformer>([prepared, .. models, together]);
    }

    private ITransformer OfClass(ITransformer prepared, int label, long[] classRows, string probability)
    {
        var (trainer, task, last) = options.Trainer == TrainerKind.FastForest
            ? (TrainerChains.FastForest(ml, options), LearningTask.Regression,
                Smoothed(probability, (double)classRows[label] / classRows.Sum()))
            : (TrainerChains.FastTreeOfTwo(ml, options), LearningTask.Binary("other", "this"),
                ml.Transforms.CopyColumns(probability, TrainingColumns.Probability));
        return trainer.Append(last).Fit(prepared.Transform(View(new OfOneClass(rows, label), task)));
    }

    // A share of 0 or 1 would be sure, and one row that is otherwise would be a loss without bounds. So beside the rows
    // of all leaves, as many as leaves have at least, stands one more with the share of the class among all rows.
    private IEstimator<ITransformer> Smoothed(string probability, double prior)
    {
        var leafRows = (double)options.Iterations * options.MinRowsPerLeaf;
        return ml.Transforms.Expression(
            probability,
            string.Create(CultureInfo.InvariantCulture,
                $"share : share * {(float)(leafRows / (leafRows + 1)):R}f + {(float)(prior / (leafRows + 1)):R}f"),
            TrainingColumns.Score);
    }

    private FeatureDataView View(IFeatureSource source, LearningTask task) =>
        new(source, new(source.Schema, task), cancellation);

    private static string ColumnOf(int label) => string.Create(CultureInfo.InvariantCulture, $"Class{label}");

    /// <summary>Rows with the label 1 where they are of a class, and 0 where not.</summary>
    private sealed class OfOneClass(IFeatureSource all, int label) : IFeatureSource
    {
        public FeatureSchema Schema => all.Schema;

        public long RowCount => all.RowCount;

        public IEnumerable<FeatureBatch> Read()
        {
            var labels = Array.Empty<double>();
            foreach (var batch in all.Read())
            {
                if (labels.Length < batch.Count)
                    labels = new double[batch.Count];
                for (var i = 0; i < batch.Count; i++)
                    labels[i] = batch.Labels[i] == label ? 1 : 0;
                yield return batch with { Labels = labels };
            }
        }
    }
}
