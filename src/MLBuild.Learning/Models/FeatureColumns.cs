using Microsoft.ML;
using Microsoft.ML.Data;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>The columns under which ML.NET sees a feature row: the label, all features as one vector, and the same
/// features again apart by kind, as a linear model needs them.</summary>
internal sealed class FeatureColumns
{
    // By column index. The label has no slots; a column is left out where it would be empty.
    private readonly List<int[]?> _slots = [null];

    public FeatureColumns(FeatureSchema features, LearningTask task)
    {
        (FeatureSchema, Task) = (features, task);
        var builder = new DataViewSchema.Builder();
        AddLabel(builder, task);
        Add(TrainingColumns.Features, _ => true);
        Add(TrainingColumns.Numbers, kind => kind == FeatureKind.Numeric);
        Add(TrainingColumns.Codes, kind => kind == FeatureKind.Categorical);
        Schema = builder.ToSchema();

        void Add(string name, Func<FeatureKind, bool> has)
        {
            var slots = Enumerable.Range(0, features.Width).Where(i => has(features.Columns[i].Kind)).ToArray();
            if (slots.Length == 0)
                return;
            var vector = new VectorDataViewType(NumberDataViewType.Single, slots.Length);
            builder.AddColumn(name, vector, Named("SlotNames", slots.Select(i => features.Columns[i].Name)));
            _slots.Add(slots);
        }
    }

    public FeatureSchema FeatureSchema { get; }

    /// <summary>What the label is of.</summary>
    public LearningTask Task { get; }

    public DataViewSchema Schema { get; }

    /// <summary>Which features stand in a vector column, in order.</summary>
    public int[] Slots(int column) =>
        _slots[column] ?? throw new ArgumentException($"BUG: column {column} is not a vector.");

    // Each kind of trainer takes a label of its own type.
    private static void AddLabel(DataViewSchema.Builder builder, LearningTask task)
    {
        switch (task.Kind)
        {
            case LearningTaskKind.Regression:
                builder.AddColumn(TrainingColumns.Label, NumberDataViewType.Single);
                break;
            case LearningTaskKind.Binary:
                builder.AddColumn(TrainingColumns.Label, BooleanDataViewType.Instance);
                break;
            default:
                builder.AddColumn(TrainingColumns.Label, new KeyDataViewType(typeof(uint), task.Classes.Count),
                    Named("KeyValues", task.Classes));
                break;
        }
    }

    private static DataViewSchema.Annotations Named(string kind, IEnumerable<string> of)
    {
        var names = of.Select(name => name.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            kind,
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref into) => into = new(names.Length, names));
        return annotations.ToAnnotations();
    }
}
