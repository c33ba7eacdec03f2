using System.Text;
using MLBuild.Store;

namespace MLBuild.Engine.Recipes;

/// <summary>Everything a result depends on, as one canonical text. Its SHA-256 is the fingerprint, which decides; two
/// recipes compared entry by entry explain. Both read the same text, so they cannot disagree.</summary>
public sealed class Recipe
{
    private const string Header = "mlbuild-recipe 1\n";

    private readonly Lazy<string> _text;

    /// <exception cref="ArgumentException">Two entries of one kind share a name.</exception>
    public Recipe(IEnumerable<RecipeEntry> entries)
    {
        RecipeEntry[] sorted = [.. entries];
        Array.Sort(sorted, InOrder);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (InOrder(sorted[i - 1], sorted[i]) == 0)
                throw new ArgumentException(
                    $"A recipe has two entries '{sorted[i].Kind} {sorted[i].Name}'. Give one of them another name.");
        }
        Entries = sorted;
        _text = new(() =>
        {
            var text = new StringBuilder(Header);
            foreach (var entry in sorted)
                text.Append(entry.ToLine());
            return text.ToString();
        });
    }

    /// <summary>Sorted by kind, then name.</summary>
    public IReadOnlyList<RecipeEntry> Entries { get; }

    public string Text => _text.Value;

    public ContentHash Fingerprint => ContentHash.Of(Text);

    private static int InOrder(RecipeEntry one, RecipeEntry other) => one.Kind == other.Kind
        ? string.CompareOrdinal(one.Name, other.Name)
        : one.Kind < other.Kind ? -1 : 1;

    /// <exception cref="FormatException">The text is not a recipe of this version.</exception>
    public static Recipe Parse(string text) => text.StartsWith(Header, StringComparison.Ordinal)
        ? new(text[Header.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecipeEntry.Parse))
        : throw new FormatException("This text is not a recipe of this version of MLBuild.");
}
