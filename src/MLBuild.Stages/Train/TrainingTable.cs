using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Statistics;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Train;

/// <summary>The training features of a stage, and which of their rows are set aside.</summary>
internal sealed class TrainingTable
{
    private readonly string _path;

    private TrainingTable(InputFile file, FeatureSchema schema)
    {
        _path = file.Path;
        Hash = file.Hash.Hex;
        Schema = schema;
        All = new FeatureTableSource(FeatureTableReader.Open(_path), schema);
    }

    public FeatureSchema Schema { get; }

    /// <summary>The hash of the table's bytes.</summary>
    public string Hash { get; }

    public IFeatureSource All { get; }

    public static TrainingTable Open(StageRun run) => new(
        run.InputFile(FeaturesStage.Train), FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema))));

    /// <summary>Divides the rows by the hash of their key into those to learn from and those to stop by.</summary>
    /// <exception cref="TrainingDataException">A part is empty, or a key is none.</exception>
    public (IFeatureSource Train, IFeatureSource Validation) Divide(KeySplit rule, CancellationToken cancellation)
    {
        var isSetAside = new bool[All.RowCount];
        var row = 0L;
        foreach (var batch in TrainingRows.Read(_path))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
                isSetAside[row++] = rule.IsHeldOut(KeyOf(batch.Keys[i]));
        }
        var (train, validation) = (new PartOfRows(All, isSetAside, false), new PartOfRows(All, isSetAside, true));
        return train.RowCount > 0 && validation.RowCount > 0
            ? (train, validation)
            : throw new TrainingDataException(string.Create(CultureInfo.InvariantCulture,
                $"Of {All.RowCount:N0} training rows {validation.RowCount:N0} are set aside to stop by; that needs " +
                $"some, and not all. Give it more rows, another ValidationShare than {rule.HoldOutShare}, or another " +
                $"Seed."));
    }

    /// <summary>How many rows there are of each class, by its name.</summary>
    /// <exception cref="TrainingDataException">A label is no class.</exception>
    public IReadOnlyDictionary<string, long> RowsOfClasses(LearningTask task, CancellationToken cancellation) =>
        task.Classes.Zip(ClassRows.Count(All, task, cancellation)).ToDictionary(StringComparer.Ordinal);

    /// <summary>What the labels look like.</summary>
    public LabelSummary Labels()
    {
        var moments = new RunningMoments();
        var (smallest, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var label in All.Read().SelectMany(batch => batch.Labels.Take(batch.Count)))
        {
            moments.Add(label);
            (smallest, largest) = (Math.Min(smallest, label), Math.Max(largest, label));
        }
        return new(moments.Mean, smallest, largest);
    }

    private static RowKey KeyOf(string text) =>
        RowKey.TryParse(text, out var key)
            ? key
            : throw new TrainingDataException($"'{text}' is no key of a row: 32 hexadecimal digits.");

    /// <summary>The rows of a source that are, or are not, set aside.</summary>
    private sealed class PartOfRows(IFeatureSource all, bool[] isSetAside, bool setAside) : IFeatureSource
    {
        public FeatureSchema Schema => all.Schema;

        public long RowCount { get; } = isSetAside.LongCount(aside => aside == setAside);

        public IEnumerable<FeatureBatch> Read()
        {
            var row = 0L;
            var (values, labels) = (Array.Empty<float>(), Array.Empty<double>());
            foreach (var batch in all.Read())
            {
                if (labels.Length < batch.Count)
                    (values, labels) = (new float[batch.Count * Schema.Width], new double[batch.Count]);
                var taken = 0;
                for (var i = 0; i < batch.Count; i++, row++)
                {
                    if (isSetAside[row] != setAside)
                        continue;
                    batch.Values.AsSpan(i * Schema.Width, Schema.Width).CopyTo(values.AsSpan(taken * Schema.Width));
                    labels[taken++] = batch.Labels[i];
                }
                yield return new(taken, values, labels);
            }
        }
    }
}
