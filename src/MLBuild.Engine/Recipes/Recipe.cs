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
        Entries = [.. entries.OrderBy(entry => entry.Kind).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        foreach (var (first, second) in Entries.Zip(Entries.Skip(1)))
        {
            if (first.Kind == second.Kind && first.Name == second.Name)
                throw new ArgumentException(
                    $"A recipe has two entries '{first.Kind} {first.Name}'. Give one of them another name.");
        }
        _text = new(() => Entries.Aggregate(new StringBuilder(Header), (text, entry) => text.Append(entry.ToLine()))
            .ToString());
    }

    /// <summary>Sorted by kind, then name.</summary>
    public IReadOnlyList<RecipeEntry> Entries { get; }

    public string Text => _text.Value;

    public ContentHash Fingerprint => ContentHash.Of(Text);

    /// <exception cref="FormatException">The text is not a recipe of this version.</exception>
    public static Recipe Parse(string text) => text.StartsWith(Header, StringComparison.Ordinal)
        ? new(text[Header.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecipeEntry.Parse))
        : throw new FormatException("This text is not a recipe of this version of MLBuild.");
}
