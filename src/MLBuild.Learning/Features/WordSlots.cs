using System.Globalization;

namespace MLBuild.Learning.Features;

/// <summary>The limits of <see cref="WordSlots{TRow}"/>.</summary>
internal static class WordSlots
{
    public const int Most = 4096;
}

/// <summary>How often the words of a row's text fall into each of some slots.</summary>
internal sealed class WordSlots<TRow>(string name, Func<TRow, string?> text, int slots)
{
    /// <summary>Of the text.</summary>
    public string Name => name;

    /// <summary>Of the slots, with as many digits each as the last one has, and at least two.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var digits = "D" + Math.Max(2, (slots - 1).ToString(CultureInfo.InvariantCulture).Length);
            return [.. Enumerable.Range(0, slots)
                .Select(slot => $"{name}_{slot.ToString(digits, CultureInfo.InvariantCulture)}")];
        }
    }

    public object? Text(TRow row) => text(row);

    /// <summary>Each word once, with its slot.</summary>
    public IEnumerable<(int Slot, string Word)> Of(TRow row) => text(row) is { } words
        ? TextWords.Of(words).Distinct(StringComparer.Ordinal).Select(word => (TextWords.SlotOf(word, slots), word))
        : [];

    public void Count(TRow row, Span<float> into)
    {
        if (text(row) is not { } words)
        {
            into.Fill(float.NaN);
            return;
        }
        into.Clear();
        foreach (var word in TextWords.Of(words))
            into[TextWords.SlotOf(word, slots)]++;
    }
}
