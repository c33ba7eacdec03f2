using System.Globalization;
using MLBuild.Benchmarks.Measuring;

namespace MLBuild.Benchmarks.Reporting;

/// <summary>What a figure is counted in.</summary>
internal enum Unit
{
    Milliseconds,

    /// <summary>How many in a second.</summary>
    PerSecond,

    /// <summary>How many times as much.</summary>
    Times,

    /// <summary>The power of the number of stages that time grows with; 1 is linear.</summary>
    Exponent,

    /// <summary>No figure: what was to be measured is not installed.</summary>
    Absent,
}

/// <summary>What a figure has to reach.</summary>
internal abstract record Goal
{
    private Goal()
    {
    }

    /// <summary>Less is better.</summary>
    public sealed record Below(double Limit) : Goal;

    /// <summary>More is better.</summary>
    public sealed record AtLeast(double Limit) : Goal;
}

/// <summary>One row of the report.</summary>
/// <param name="Goal">Null for what is only compared with.</param>
internal sealed record Figure(string What, double Value, Unit Unit, Goal? Goal = null)
{
    /// <summary>The runs behind it, or null for what is worked out from several.</summary>
    public Timings? Timings { get; init; }

    /// <summary>What it is compared with: by how much this takes longer, or null.</summary>
    public double? Ratio { get; init; }

    public bool IsMissed => Goal switch
    {
        null => false,
        Goal.Below(var limit) => Value >= limit,
        Goal.AtLeast(var limit) => Value < limit,
        _ => throw new InvalidOperationException($"BUG: unknown goal {Goal}."),
    };

    /// <summary>The median of some runs.</summary>
    public static Figure Of(string what, Timings timings, Goal? goal = null) =>
        new(what, timings.MedianMs, Unit.Milliseconds, goal) { Timings = timings };

    /// <summary>A rival that was not measured.</summary>
    public static Figure NotInstalled(string what) => new(what, 0, Unit.Absent);

    /// <summary>A row for each contender; the first is ours, which has the goal and which others are divided
    /// by.</summary>
    public static IEnumerable<Figure> OfSeries(
        string what, Goal? goal, IReadOnlyList<Contender> contenders, IReadOnlyList<Timings> timings) =>
        contenders.Select((contender, i) => i == 0
            ? Of(what, timings[0], goal)
            : Of($"… {contender.Name}", timings[i]) with { Ratio = timings[i].MedianMs / timings[0].MedianMs });

    public IReadOnlyList<string> Cells() =>
    [
        What,
        Goal switch
        {
            null => "",
            Goal.Below(var limit) => $"under {Text(limit)}",
            Goal.AtLeast(var limit) => $"at least {Text(limit)}",
            _ => throw new InvalidOperationException($"BUG: unknown goal {Goal}."),
        },
        IsMissed ? $"{Text(Value)}, missed" : Text(Value),
        Timings is null ? "" : Text(Timings.MinMs),
        Timings is null ? "" : Text(Timings.MedianCpuMs),
        Timings is null ? "" : Timings.Runs.ToString(CultureInfo.InvariantCulture),
        Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.###} ×") : "",
    ];

    private string Text(double value)
    {
        FormattableString text = Unit switch
        {
            Unit.Milliseconds when value >= 10 => $"{value:#,##0} ms",
            Unit.Milliseconds => $"{value:0.##} ms",
            Unit.PerSecond => $"{value:#,##0}/s",
            Unit.Times => $"{value:0.##} ×",
            Unit.Exponent => $"{value:0.##}",
            Unit.Absent => $"not installed",
            _ => throw new InvalidOperationException($"BUG: unknown unit {Unit}."),
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
