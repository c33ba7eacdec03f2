using System.Globalization;

namespace MLBuild.Learning.Sweeps;

/// <summary>The values that one parameter of a sweep may take. Made by <see cref="SweepRange"/>.</summary>
public sealed class SweepRange<T> where T : notnull
{
    private readonly IReadOnlyList<T>? _values;
    private readonly Func<double, T> _at;

    internal SweepRange(string text, IReadOnlyList<T>? values, Func<double, T> at) =>
        (Text, _values, _at) = (text, values, at);

    /// <summary>The range as it was declared, for messages: <c>0.01 to 0.3</c>.</summary>
    internal string Text { get; }

    /// <summary>The values of a grid, or null where the range was declared without their number.</summary>
    internal IReadOnlyList<T>? Values => _values;

    /// <summary>A value of a random search.</summary>
    /// <param name="share">How far along the range it lies: from 0 up to, not including, 1.</param>
    internal T At(double share) => _at(share);
}

/// <summary>Declares the values that a parameter may take. Numbers are rounded to four significant digits, so that they
/// can be read in a name and are the same on every machine; the ends stay as they are.</summary>
public static class SweepRange
{
    // One more digit than people vary.
    private const string FourDigits = "G4";

    /// <summary>These values: numbers, texts, enums.</summary>
    /// <exception cref="ArgumentException">There are none, or one is given twice.</exception>
    public static SweepRange<T> Values<T>(params T[] values) where T : notnull
    {
        var text = string.Join(", ", values.Select(value => SweepText.Of(value)));
        if (values.Length == 0)
            throw new ArgumentException("A range without values leaves nothing to try. Give it one or more.");
        T[] own = [.. values];
        DemandDistinct(text, own);
        return new(text, own, share => own[(int)(share * own.Length)]);
    }

    /// <summary>Numbers that are evenly spaced.</summary>
    /// <param name="from">The least.</param>
    /// <param name="to">The greatest; above <paramref name="from"/>.</param>
    /// <param name="count">How many a grid takes, both ends among them; 2 or more. A random search takes any number
    /// between the ends, and needs none.</param>
    /// <exception cref="ArgumentException">The ends or the count are out of their range.</exception>
    public static SweepRange<double> Linear(double from, double to, int? count = null)
    {
        var text = Ends("Linear", from, to, count, double.IsFinite(from) && double.IsFinite(to), "finite numbers");
        return Of(text, count, share => from + (to - from) * share, from, to);
    }

    /// <summary>Numbers each of which is the one before times the same factor: for what is to vary in its order of
    /// magnitude.</summary>
    /// <param name="from">The least; above 0.</param>
    /// <param name="to">The greatest; above <paramref name="from"/>.</param>
    /// <param name="count">As of <see cref="Linear"/>.</param>
    /// <exception cref="ArgumentException">The ends or the count are out of their range.</exception>
    public static SweepRange<double> Logarithmic(double from, double to, int? count = null)
    {
        var text = Ends("Logarithmic", from, to, count, from > 0 && double.IsFinite(to), "finite numbers above 0");
        return Of(text, count, share => from * Math.Pow(to / from, share), from, to);
    }

    /// <summary>Whole numbers that are evenly spaced.</summary>
    /// <param name="from">The least.</param>
    /// <param name="to">The greatest; above <paramref name="from"/>.</param>
    /// <param name="count">As of <see cref="Linear"/>.</param>
    /// <exception cref="ArgumentException">The ends or the count are out of their range.</exception>
    public static SweepRange<int> Integers(int from, int to, int? count = null) =>
        Whole("Integers", from, to, count, holds: true, "whole numbers",
            share => from + ((double)to - from) * share, share => from + ((double)to - from + 1) * share);

    /// <summary>Whole numbers each of which is about the one before times the same factor.</summary>
    /// <param name="from">The least; 1 or more.</param>
    /// <param name="to">The greatest; above <paramref name="from"/>.</param>
    /// <param name="count">As of <see cref="Linear"/>.</param>
    /// <exception cref="ArgumentException">The ends or the count are out of their range, or two values are the same
    /// whole number.</exception>
    public static SweepRange<int> LogarithmicIntegers(int from, int to, int? count = null) =>
        Whole("LogarithmicIntegers", from, to, count, from >= 1, "whole numbers above 0",
            share => from * Math.Pow((double)to / from, share), share => from * Math.Pow((to + 1.0) / from, share));

    // A grid has both ends, so it rounds; a draw falls between one number and the next, so it cuts, and each number is
    // as likely as its width.
    private static SweepRange<int> Whole(
        string kind, int from, int to, int? count, bool holds, string expected,
        Func<double, double> spaced, Func<double, double> drawn)
    {
        var text = Ends(kind, from, to, count, holds, expected);
        var values = Spaced(text, count, share => (int)Math.Round(spaced(share), MidpointRounding.AwayFromZero));
        return new(text, values, share => Math.Clamp((int)Math.Floor(drawn(share)), from, to));
    }

    private static SweepRange<double> Of(string text, int? count, Func<double, double> at, double from, double to)
    {
        return new(text, Spaced(text, count, At), At);

        double At(double share) => share switch
        {
            0 => from,
            1 => to,
            _ => Math.Clamp(Rounded(at(share)), from, to),
        };
    }

    private static T[]? Spaced<T>(string text, int? count, Func<double, T> at) where T : notnull
    {
        if (count is not { } values)
            return null;
        T[] spaced = [.. Enumerable.Range(0, values).Select(i => at(i == values - 1 ? 1 : (double)i / (values - 1)))];
        DemandDistinct(text, spaced);
        return spaced;
    }

    private static string Ends<T>(string kind, T from, T to, int? count, bool holds, string expected)
        where T : IComparable<T>
    {
        var text = FormattableString.Invariant($"{kind} {from} to {to}");
        if (!holds || !(from.CompareTo(to) < 0))
            throw new ArgumentException($"The range {text} has no values. Expected {expected}, the first below the " +
                "second; for one value take Values.");
        if (count < 2)
            throw new ArgumentException(FormattableString.Invariant(
                $"The range {text} has a count of {count}, expected 2 or more; for one value take Values."));
        return text;
    }

    private static void DemandDistinct<T>(string text, IReadOnlyList<T> values) where T : notnull
    {
        var twice = values.Select(value => SweepText.Of(value)).GroupBy(value => value, StringComparer.Ordinal)
            .Where(same => same.Count() > 1).Select(same => same.Key).ToArray();
        if (twice.Length > 0)
            throw new ArgumentException(
                $"The range {text} has {string.Join(", ", twice)} more than once. Give each value once, or fewer " +
                "between the ends.");
    }

    private static double Rounded(double value) =>
        double.Parse(value.ToString(FourDigits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>A value as it stands in the name of a point.</summary>
internal static class SweepText
{
    public static string Of(object value) => value switch
    {
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
