using System.Collections.Immutable;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Monitoring;

/// <summary>The predictions of a part of the current rows, and the errors of those whose label has arrived; those of
/// several parts add up.</summary>
/// <param name="Rows">Predictions.</param>
/// <param name="Labelled">Those with a label.</param>
/// <param name="Errors">Of those with a label.</param>
/// <param name="Levels">All predictions by the bins of the <see cref="ErrorProfile"/>.</param>
/// <param name="NonFinite">Predictions that are NaN or infinite; they are in no bin.</param>
public sealed record ErrorTally(
    long Rows, long Labelled, SumTally Errors, ImmutableArray<long> Levels, long NonFinite)
{
    public static ErrorTally None(ErrorProfile profile) =>
        new(0, 0, SumTally.None, [.. new long[profile.Bins.Length]], 0);

    public ErrorTally Plus(ErrorTally other) => new(
        Rows + other.Rows, Labelled + other.Labelled, Errors.Plus(other.Errors),
        [.. Levels.Zip(other.Levels, (one, more) => one + more)], NonFinite + other.NonFinite);
}

/// <summary>Makes an <see cref="ErrorTally"/> row by row.</summary>
public sealed class ErrorCounter(ErrorProfile profile)
{
    private readonly SumCounter _errors = new();
    private readonly long[] _levels = new long[profile.Bins.Length];
    private long _rows;
    private long _labelled;
    private long _nonFinite;

    /// <param name="label">NaN where it has not arrived.</param>
    public void Add(ReadOnlySpan<double> scores, double label)
    {
        _rows++;
        var level = PredictionError.Level(profile.Task, scores);
        if (double.IsFinite(level))
            _levels[profile.BinOf(level)]++;
        else
            _nonFinite++;
        if (double.IsNaN(label))
            return;
        _labelled++;
        _errors.Add(PredictionError.Of(profile.Task, label, scores));
    }

    public ErrorTally ToTally() => new(_rows, _labelled, _errors.ToTally(), [.. _levels], _nonFinite);
}
