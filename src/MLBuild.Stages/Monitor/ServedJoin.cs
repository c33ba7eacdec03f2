using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Monitor;

/// <summary>The served rows that count, and the labels that have arrived for them. About a hundred bytes a row are in
/// memory, however much the rows with labels have.</summary>
internal sealed class ServedJoin<TRow>(LearningTask task, IReadOnlyList<BusinessMetric<TRow>> metrics)
{
    private readonly Dictionary<RowKey, int> _places = [];
    private readonly List<PredictionCounter<TRow>> _windows = [];
    private readonly List<float> _scores = [];
    private readonly List<double> _labels = [];
    private readonly List<double> _worths = [];
    private readonly double[] _exact = new double[task.ScoreCount];
    private readonly double[] _measured = new double[metrics.Count];

    /// <summary>That count.</summary>
    public int Rows => _windows.Count;

    /// <summary>Whether a row of the key was served before.</summary>
    public bool Has(RowKey key) => _places.ContainsKey(key);

    /// <summary>Takes a row whose key was not served before, and counts what was seen and predicted.</summary>
    public void Add(RowKey key, PredictionCounter<TRow> window, float[] features, float[] scores)
    {
        _places.Add(key, _windows.Count);
        _windows.Add(window);
        _scores.AddRange(scores);
        _labels.Add(double.NaN);
        foreach (var _ in metrics)
            _worths.Add(0);
        window.AddRow(features, ScoresOf(_windows.Count - 1));
    }

    /// <summary>Takes a row that has the label of a served one. Of several of one key the last has it: it is the later
    /// one.</summary>
    /// <returns>False where no row of its key was served.</returns>
    public bool Label(RowKey key, TRow row, double label)
    {
        if (!_places.TryGetValue(key, out var place))
            return false;
        _labels[place] = label;
        BusinessMetrics.Measure(metrics, row, PredictionError.Predicted(task.Kind, ScoresOf(place)), _measured);
        for (var i = 0; i < _measured.Length; i++)
            _worths[(place * _measured.Length) + i] = _measured[i];
        return true;
    }

    /// <summary>Counts what became of each row, in the order in which they were served.</summary>
    public void Complete()
    {
        for (var place = 0; place < _windows.Count; place++)
        {
            _worths.CopyTo(place * _measured.Length, _measured, 0, _measured.Length);
            _windows[place].AddOutcome(ScoresOf(place), _labels[place], _measured);
        }
    }

    // Valid until the next row's.
    private double[] ScoresOf(int place)
    {
        for (var i = 0; i < _exact.Length; i++)
            _exact[i] = _scores[(place * _exact.Length) + i];
        return _exact;
    }
}
