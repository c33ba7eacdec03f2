using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLBuild.Learning.Models;

/// <summary>One feature row as ML.NET sees it: whoever owns it fills in values and moves on. Training and scoring, of
/// one row and of many, read features through these getters and no others.</summary>
internal sealed class FeatureRow(FeatureColumns columns) : DataViewRow
{
    private long _position = -1;
    private ReadOnlyMemory<float> _values;
    private float _label = float.NaN;

    public override DataViewSchema Schema => columns.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>Becomes the next row.</summary>
    public void MoveTo(ReadOnlyMemory<float> values, float label)
    {
        _values = values;
        _label = label;
        // Transforms may keep what they computed for a position, so no two rows share one.
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate getter = column.Name == TrainingColumns.Label ? Label() : Vector(columns.Slots(column.Index));
        return getter as ValueGetter<TValue>
            ?? throw new ArgumentException($"BUG: column '{column.Name}' is {column.Type}, not {typeof(TValue).Name}.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId id) => id = new((ulong)_position, 0);

    // Where there is none, on scoring, it is NaN, false or the key 0, which ML.NET takes for a missing one.
    private Delegate Label() => columns.Task.Kind switch
    {
        LearningTaskKind.Regression => (ValueGetter<float>)((ref float label) => label = _label),
        LearningTaskKind.Binary => (ValueGetter<bool>)((ref bool label) => label = _label == 1),
        _ => (ValueGetter<uint>)((ref uint label) => label = float.IsNaN(_label) ? 0 : (uint)_label + 1),
    };

    private ValueGetter<VBuffer<float>> Vector(int[] slots)
    {
        var whole = slots.Length == columns.FeatureSchema.Width;
        return (ref VBuffer<float> into) =>
        {
            var editor = VBufferEditor.Create(ref into, slots.Length);
            var values = _values.Span;
            if (whole)
                values.CopyTo(editor.Values);
            else
            {
                for (var i = 0; i < slots.Length; i++)
                    editor.Values[i] = values[slots[i]];
            }
            into = editor.Commit();
        };
    }
}
