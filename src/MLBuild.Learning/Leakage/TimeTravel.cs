using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Leakage;

/// <summary>Finds features of a row that were known only after the moment of its prediction, and held-out rows that are
/// earlier than training rows. Training rows are added first.</summary>
public sealed class TimeTravel<TRow>(FeatureSet<TRow> features, Func<TRow, DateTime>? predictedAt)
{
    private const int MostExamples = 5;

    private readonly (Func<TRow, DateTime?> KnownAt, Tally Tally)[] _features =
    [
        .. features.Names.Zip(features.KnownAt).Where(feature => feature.Second is not null)
            .Select(feature => (feature.Second!, new Tally(feature.First))),
    ];

    private readonly Tally _split = new("split");
    private DateTime _lastTraining = DateTime.MinValue;

    public void AddTraining(TRow row, RowKey key)
    {
        if (predictedAt is null)
            return;
        var moment = predictedAt(row);
        _lastTraining = moment > _lastTraining ? moment : _lastTraining;
        Look(row, key, moment);
    }

    public void AddHeldOut(TRow row, RowKey key)
    {
        if (predictedAt is null)
            return;
        var moment = predictedAt(row);
        if (moment < _lastTraining)
            _split.Add(key, _lastTraining, moment);
        Look(row, key, moment);
    }

    /// <summary>One for each feature that says when it was known.</summary>
    public IReadOnlyList<TimeLeak> Complete() => [.. _features.Select(feature => feature.Tally.Complete())];

    /// <summary>The held-out rows that are earlier than the last training row; null where they are not held out by
    /// time.</summary>
    public TimeLeak? CompleteSplit(LeakageLimits limits) => limits.HeldOutByTime ? _split.Complete() : null;

    private void Look(TRow row, RowKey key, DateTime moment)
    {
        foreach (var (knownAt, tally) in _features)
        {
            if (knownAt(row) is { } known && known > moment)
                tally.Add(key, known, moment);
        }
    }

    private sealed class Tally(string what)
    {
        private readonly List<TimeLeakExample> _examples = [];
        private long _rows;

        public void Add(RowKey key, DateTime before, DateTime after)
        {
            if (_rows++ < MostExamples)
                _examples.Add(new(key.ToString(), before, after));
        }

        public TimeLeak Complete() => new(what, _rows, [.. _examples]);
    }
}
