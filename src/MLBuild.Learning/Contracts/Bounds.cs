namespace MLBuild.Learning.Contracts;

/// <summary>A closed interval of numbers; an absent end is open.</summary>
public sealed record Bounds(double? Min, double? Max)
{
    /// <summary>Bounds that an author wrote for <paramref name="what"/>.</summary>
    /// <exception cref="ArgumentException">Both ends are absent, one is not finite, or they are the wrong way
    /// round.</exception>
    internal static Bounds Of(string what, double? min, double? max) => (min, max) switch
    {
        (null, null) => throw new ArgumentException($"{what} has no limit. Give a minimum, a maximum or both."),
        _ when !IsFinite(min) || !IsFinite(max) =>
            throw new ArgumentException($"{what} has a limit that is not a finite number. Leave an open end out."),
        _ when min > max => throw new ArgumentException(
            $"{what} expects at least {Figures.Number(min.Value)} and at most {Figures.Number(max.Value)}, "
            + "which nothing satisfies. Swap them."),
        _ => new(min, max),
    };

    public bool Contain(double number) => !(number < Min) && !(number > Max) && !double.IsNaN(number);

    /// <summary>"1..8", "at least 1" or "at most 8".</summary>
    public override string ToString() => Text(Figures.Number);

    internal string Text(Func<double, string> format) => (Min, Max) switch
    {
        ({ } min, { } max) => $"{format(min)}..{format(max)}",
        ({ } min, null) => $"at least {format(min)}",
        (null, { } max) => $"at most {format(max)}",
        _ => "anything",
    };

    private static bool IsFinite(double? end) => end is not { } number || double.IsFinite(number);
}
