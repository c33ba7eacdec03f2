using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Metrics;

/// <summary>Computes <see cref="MulticlassMetrics"/> from a stream of rows in one pass; its memory is that of the
/// confusion matrix.</summary>
public sealed class MulticlassAccumulator
{
    /// <summary>How far from 1 the probabilities of a row may add up. Those of thousands of classes in single precision
    /// stay well within; scores that were not normalised do not.</summary>
    public const double SumTolerance = 1e-4;

    private readonly string[] _classes;
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly long[][] _counts;
    private readonly RunningMoments _logLoss = new();
    private long _measuredCount;
    private long _nonFiniteCount;
    private long _unknownClassCount;
    private long _outOfRangeCount;
    private long _clippedCount;
    private string? _unknownClass;

    /// <param name="classes">The model's classes, in the order of its probabilities; at least two, each once.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is there twice.</exception>
    public MulticlassAccumulator(IReadOnlyList<string> classes)
    {
        if (classes.Count < 2)
            throw new ArgumentException(
                $"There is nothing to tell apart with {classes.Count} classes. "
                + "Give the model's classes, at least two.");
        foreach (var name in classes)
        {
            if (!_indexes.TryAdd(name, _indexes.Count))
                throw new ArgumentException($"The class '{name}' is there twice. Give each class once.");
        }
        _classes = [.. classes];
        _counts = [.. classes.Select(_ => new long[classes.Count])];
    }

    /// <param name="label">The row's class; null where it has none, which is a fault like an unknown one.</param>
    /// <param name="probabilities">One for each class, in their order. The most probable class is the predicted one;
    /// of equally probable ones the first.</param>
    /// <exception cref="ArgumentException">There are not as many probabilities as classes.</exception>
    public void Add(string? label, ReadOnlySpan<double> probabilities) =>
        Add(label is not null && _indexes.TryGetValue(label, out var actual) ? actual : null, label, probabilities);

    /// <param name="actual">The position of the row's class; null where it has none, which is a fault.</param>
    /// <param name="probabilities">As above.</param>
    /// <exception cref="ArgumentException">There are not as many probabilities as classes.</exception>
    public void Add(int? actual, ReadOnlySpan<double> probabilities) => Add(actual, label: null, probabilities);

    private void Add(int? actual, string? label, ReadOnlySpan<double> probabilities)
    {
        if (probabilities.Length != _classes.Length)
            throw new ArgumentException(
                $"A row has {probabilities.Length} probabilities; expected one for each of {_classes.Length} classes.");
        var (sum, most, isInRange) = (0.0, 0, true);
        for (var i = 0; i < probabilities.Length; i++)
        {
            sum += probabilities[i];
            isInRange &= probabilities[i] is >= 0 and <= 1;
            if (probabilities[i] > probabilities[most])
                most = i;
        }
        if (!IsFinite(probabilities))
            _nonFiniteCount++;
        else if (actual is not { } known)
            AddUnknown(label);
        else if (!isInRange || Math.Abs(sum - 1) > SumTolerance)
            _outOfRangeCount++;
        else
            Count(known, most, probabilities[known]);
    }

    /// <summary>For each class its rows by predicted class.</summary>
    internal IReadOnlyList<IReadOnlyList<long>> Counts => _counts;

    internal long FaultyCount => _nonFiniteCount + _unknownClassCount + _outOfRangeCount;

    /// <summary>The metrics of the rows added so far.</summary>
    public MulticlassMetrics ToMetrics()
    {
        var count = _measuredCount + _nonFiniteCount + _unknownClassCount + _outOfRangeCount;
        if (Reason(count) is { } reason)
        {
            var missing = new MetricValue.Missing(reason);
            return Metrics(
                missing, missing, missing, missing,
                [.. _classes.Select(name => new ClassMetrics(name, missing, missing, missing, missing))],
                []);
        }
        var right = _classes.Select((_, i) => _counts[i][i]).Sum();
        var classes = _classes.Select(Class).ToArray();
        return Metrics(
            MetricValue.Of(_logLoss.Mean),
            MetricValue.Of((double)right / count),
            MacroF1(classes),
            // Each wrong row is a false positive of one class and a false negative of another.
            MetricValue.Of(2.0 * right / (2.0 * right + 2.0 * (count - right))),
            classes,
            [.. _counts.Select(predicted => predicted.ToArray())]);

        MulticlassMetrics Metrics(
            MetricValue logLoss, MetricValue accuracy, MetricValue macroF1, MetricValue microF1,
            IReadOnlyList<ClassMetrics> classes, IReadOnlyList<IReadOnlyList<long>> counts) => new(
            count, _nonFiniteCount, _unknownClassCount, _outOfRangeCount, _clippedCount,
            logLoss, accuracy, macroF1, microF1, classes, new(_classes, counts));
    }

    // A sum may overflow where no number is infinite.
    private static bool IsFinite(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            if (!double.IsFinite(number))
                return false;
        }
        return true;
    }

    private void AddUnknown(string? label)
    {
        _unknownClassCount++;
        // The first by name, so that the reason does not depend on the order of rows.
        if (label is not null && (_unknownClass is null || string.CompareOrdinal(label, _unknownClass) < 0))
            _unknownClass = label;
    }

    private void Count(int actual, int predicted, double probability)
    {
        _measuredCount++;
        _counts[actual][predicted]++;
        var loss = LogLoss.OfEvent(probability);
        _logLoss.Add(loss);
        _clippedCount += LogLoss.IsClipped(loss) ? 1 : 0;
    }

    private ClassMetrics Class(string name, int index)
    {
        var right = _counts[index][index];
        var rows = _counts[index].Sum();
        var predicted = _counts.Sum(actual => actual[index]);
        return new(
            name,
            MetricValue.Of(rows),
            Ratio.Of(right, predicted, $"no row is predicted to be '{name}'"),
            Ratio.Of(right, rows, $"no row is '{name}'"),
            Ratio.Of(2 * right, rows + predicted, $"no row is '{name}' or predicted to be"));
    }

    private static MetricValue MacroF1(ClassMetrics[] classes)
    {
        var f1 = new RunningMoments();
        foreach (var one in classes)
        {
            if (one.F1 is not MetricValue.Value { Number: var number })
                return one.F1;
            f1.Add(number);
        }
        return MetricValue.Of(f1.Mean);
    }

    private string? Reason(long count)
    {
        if (count == 0)
            return "there are no rows";
        return count == _measuredCount ? null : string.Join("; ", Faults(count));
    }

    private IEnumerable<string> Faults(long count)
    {
        if (_nonFiniteCount > 0)
            yield return $"{_nonFiniteCount} of {count} rows have a value that is not finite";
        if (_unknownClassCount > 0)
            yield return $"{_unknownClassCount} of {count} rows have "
                + (_unknownClass is null ? "no class" : $"no class that the model knows, such as '{_unknownClass}'")
                + $"; it knows {string.Join(", ", _classes.Take(5).Select(name => $"'{name}'"))}"
                + (_classes.Length > 5 ? $" and {_classes.Length - 5} more" : "");
        if (_outOfRangeCount > 0)
            yield return $"{_outOfRangeCount} of {count} rows have probabilities outside 0..1 "
                + "or of a sum that is not 1";
    }
}
