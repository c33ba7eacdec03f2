using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;

namespace MLBuild.Learning.Gates;

/// <summary>Proves from the keys of the rows themselves that a model is not judged by what it was trained on, in
/// constant memory: each key is dealt again.</summary>
/// <param name="rule">The split.</param>
/// <param name="splitTrainRows">Rows to train on, as the split counted them.</param>
/// <param name="splitHoldOutRows">Rows held out, as the split counted them.</param>
/// <param name="keysOnBothSides">Keys that the split found on both sides.</param>
public sealed class HoldOutCounter(KeySplit rule, long splitTrainRows, long splitHoldOutRows, long keysOnBothSides)
{
    private long _trainRows;
    private long _holdOutRows;
    private long _trainedOn;
    private long _notHeldOut;
    private string? _notAKey;

    /// <param name="key">The text of a <see cref="RowKey"/>.</param>
    public void AddTraining(string key)
    {
        _trainRows++;
        if (IsHeldOut(key) is true)
            _trainedOn++;
    }

    /// <param name="key">The text of a <see cref="RowKey"/>.</param>
    public void AddHoldOut(string key)
    {
        _holdOutRows++;
        if (IsHeldOut(key) is false)
            _notHeldOut++;
    }

    public HoldOutProof Complete() => this switch
    {
        { _notAKey: { } text } => new HoldOutProof.Missing($"'{text}' is no key of a row: 32 hexadecimal digits"),
        _ when _trainRows != splitTrainRows || _holdOutRows != splitHoldOutRows => new HoldOutProof.Missing(
            $"the split counts {Figures.Count(splitTrainRows)} training and {Figures.Count(splitHoldOutRows)} held-out "
            + $"rows, the feature tables have {Figures.Count(_trainRows)} and {Figures.Count(_holdOutRows)}"),
        _ => new HoldOutProof.Counted(_trainRows, _holdOutRows, _trainedOn, _notHeldOut, keysOnBothSides),
    };

    private bool? IsHeldOut(string key)
    {
        if (RowKey.TryParse(key, out var parsed))
            return rule.IsHeldOut(parsed);
        _notAKey ??= key;
        return null;
    }
}
