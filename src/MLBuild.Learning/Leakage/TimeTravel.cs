using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Leakage;

/// <summary>Finds features of a row that were known only after the moment of its prediction.</summary>
public sealed class TimeTravel<TRow>
{
    private const int MostExamples = 5;

    private readonly Func<TRow, DateTime>? _predictedAt;
    private readonly (Func<TRow, DateTime?> KnownAt, Tally Tally)[] _features;

    /// <exception cref="ArgumentException">Features say when they are known, but the definition does not say when a row
    /// is predicted, so that nothing could be compared.</exception>
    public TimeTravel(ModelDefinition<TRow> model)
    {
        _predictedAt = model.PredictedAt;
        _features =
        [
            .. model.Features.Names.Zip(model.Features.KnownAt).Where(feature => feature.Second is not null)
                .Select(feature => (feature.Second!, new Tally(feature.First))),
        ];
        if (_predictedAt is null && _features.Length > 0)
            throw new ArgumentException(
                $"Features of model '{model.Name}' say when they are known "
                + $"({string.Join(", ", _features.Select(feature => feature.Tally.Feature))}), but not when a row is "
                + "predicted, which that is compared with. Set PredictedAt of the model definition.");
    }

    public void Add(TRow row, RowKey key)
    {
        foreach (var (knownAt, tally) in _features)
        {
            if (knownAt(row) is { } known && _predictedAt!(row) is var moment && known > moment)
                tally.Add(key, known, moment);
        }
    }

    /// <summary>One for each feature that says when it was known.</summary>
    public IReadOnlyList<TimeLeak> Complete() => [.. _features.Select(feature => feature.Tally.Complete())];

    private sealed class Tally(string feature)
    {
        private readonly List<TimeLeakExample> _examples = [];
        private long _rows;

        public string Feature => feature;

        public void Add(RowKey key, DateTime known, DateTime predicted)
        {
            if (_rows++ < MostExamples)
                _examples.Add(new(key.ToString(), known, predicted));
        }

        public TimeLeak Complete() => new(feature, _rows, [.. _examples]);
    }
}
