using System.Globalization;
using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Features;

/// <summary>Names of features for people: those that are numbered, as the slots of words are, are told as
/// ranges.</summary>
public static class FeatureNames
{
    private const int LeastOfARange = 3;
    private const int MostWords = 3;

    /// <summary><c>text_000 to text_127, length, hour</c>.</summary>
    public static string InWords(IEnumerable<string> names) =>
        string.Join(", ", Ranges(names).Select(range => range.In(name => name)));

    /// <summary>A slot of words, with those that say what is in it: <c>text 'refund' (text_087)</c>.</summary>
    /// <param name="text">The name of their text.</param>
    /// <param name="words">The most telling first; none where none is frequent.</param>
    public static string OfSlot(string name, string text, IReadOnlyList<string> words) => words.Count == 0
        ? $"{text}, no frequent word ({name})"
        : $"{text} {string.Join(", ", words.Take(MostWords).Select(ValueText.Quoted))} ({name})";

    /// <summary>The names in their order; three or more that follow each other, and differ in the number at their end
    /// alone, are one range.</summary>
    public static IEnumerable<NameRange> Ranges(IEnumerable<string> names)
    {
        var waiting = new List<string>();
        foreach (var name in names)
        {
            if (waiting.Count > 0 && !Follows(waiting[^1], name))
            {
                foreach (var range in Of(waiting))
                    yield return range;
                waiting.Clear();
            }
            waiting.Add(name);
        }
        foreach (var range in Of(waiting))
            yield return range;
    }

    private static IEnumerable<NameRange> Of(List<string> names) => names.Count >= LeastOfARange
        ? [new(names[0], names[^1])]
        : names.Select(name => new NameRange(name, name));

    private static bool Follows(string before, string name) =>
        before.Length == name.Length
        && before.AsSpan().TrimEnd("0123456789") is var stem
        && name.AsSpan().TrimEnd("0123456789").SequenceEqual(stem)
        && NumberOf(before, stem.Length) is { } number
        && NumberOf(name, stem.Length) == number + 1;

    private static int? NumberOf(string name, int from) =>
        int.TryParse(name.AsSpan(from), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>Names from one to another, or one name.</summary>
public readonly record struct NameRange(string First, string Last)
{
    public bool IsOne => First == Last;

    /// <param name="written">How a name is written: in quotes, as code.</param>
    public string In(Func<string, string> written) =>
        IsOne ? written(First) : $"{written(First)} to {written(Last)}";
}
