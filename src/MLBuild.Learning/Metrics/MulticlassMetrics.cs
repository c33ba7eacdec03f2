namespace MLBuild.Learning.Metrics;

/// <summary>How well the one class of each row was predicted, over all rows of one set or slice.</summary>
/// <param name="Count">Rows seen, faulty ones included.</param>
/// <param name="NonFiniteCount">Rows with a probability that is NaN or infinite. With one row of this or the next two
/// counts every metric below is missing: leaving it out would make a broken model look better.</param>
/// <param name="UnknownClassCount">Rows without a label, or with one that is none of the model's classes.</param>
/// <param name="OutOfRangeCount">Rows with a probability outside 0..1, or whose probabilities do not add up to 1 within
/// <see cref="MulticlassAccumulator.SumTolerance"/>. They are neither clipped nor rescaled.</param>
/// <param name="ClippedCount">Rows that gave the class they have a probability of at most 2⁻²⁴: sure, and
/// wrong.</param>
/// <param name="LogLoss">Mean −ln(probability of the row's class), in nats; a probability below 2⁻²⁴ counts as that, as
/// in <see cref="BinaryMetrics"/>.</param>
/// <param name="Accuracy">The share of rows, 0..1, whose most probable class is theirs.</param>
/// <param name="MacroF1">The mean of the classes' F1, 0..1; each class counts the same. Missing where one of them is:
/// a test set that lost its hardest class must not score higher for it.</param>
/// <param name="MicroF1">F1 of the counts of all classes together, 0..1. Where each row has one class, as here, it
/// equals <paramref name="Accuracy"/>.</param>
/// <param name="Classes">Each class on its own, in the model's order.</param>
/// <param name="Confusion">Which classes are taken for which.</param>
public sealed record MulticlassMetrics(
    long Count,
    long NonFiniteCount,
    long UnknownClassCount,
    long OutOfRangeCount,
    long ClippedCount,
    MetricValue LogLoss,
    MetricValue Accuracy,
    MetricValue MacroF1,
    MetricValue MicroF1,
    IReadOnlyList<ClassMetrics> Classes,
    ConfusionMatrix Confusion);

/// <summary>How well the rows of one class are told from all others.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Rows">Rows of the class.</param>
/// <param name="Precision">The share of rows predicted to be of the class, 0..1, that are. Missing where none is
/// predicted to be.</param>
/// <param name="Recall">The share of its rows, 0..1, that are predicted to be. Missing where it has none.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN), 0..1. Missing where the class has no rows and is never predicted.</param>
public sealed record ClassMetrics(
    string Class,
    MetricValue Rows,
    MetricValue Precision,
    MetricValue Recall,
    MetricValue F1);
