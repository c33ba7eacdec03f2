using System.Globalization;

namespace MLBuild.Learning.Rows;

/// <summary>The values of a key as one text, to tell apart what <see cref="ValueHash"/> brings together: equal keys
/// have equal texts, and different keys different ones.</summary>
internal static class KeyText
{
    public static string Of<TRow>(IReadOnlyList<Column<TRow>> key, TRow row) => string.Concat(key
        .Select(column => Value(column, row))
        // Lengths before texts, so that no two keys are one text.
        .Select(text => text is null ? "-" : FormattableString.Invariant($"{text.Length}:{text}")));

    /// <summary>The values that a text was made of; null for an absent one.</summary>
    public static IEnumerable<string?> Values(string key)
    {
        for (var at = 0; at < key.Length;)
        {
            var colon = key.IndexOf(':', at);
            if (key[at] == '-')
            {
                at++;
                yield return null;
                continue;
            }
            var length = int.Parse(key.AsSpan(at, colon - at), CultureInfo.InvariantCulture);
            yield return key.Substring(colon + 1, length);
            at = colon + 1 + length;
        }
    }

    // Minus zero is zero; of a text it is a text.
    private static string? Value<TRow>(Column<TRow> column, TRow row) =>
        column.Text(row) is var text && column.Type == ColumnType.Double && text == "-0" ? "0" : text;
}
