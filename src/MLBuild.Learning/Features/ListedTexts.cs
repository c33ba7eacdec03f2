namespace MLBuild.Learning.Features;

/// <summary>The codes of some texts: their positions in a list.</summary>
internal sealed class ListedTexts
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There is no text, or one is null or there twice.</exception>
    public ListedTexts(string feature, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            throw new ArgumentException($"Feature '{feature}' has no values, expected at least one.");
        foreach (var value in values)
        {
            if (value is null)
                throw new ArgumentException($"Feature '{feature}' has the value null, expected texts.");
            if (!_codes.TryAdd(value, _codes.Count))
                throw new ArgumentException($"Feature '{feature}' has the value '{value}' twice. List it once.");
        }
    }

    /// <returns>The text's position, the number of texts for another one, null for none.</returns>
    public int? Of(string? text) => text is null ? null : _codes.GetValueOrDefault(text, _codes.Count);
}
