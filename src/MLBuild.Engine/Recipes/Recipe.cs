using System.Text;
using MLBuild.Store;

namespace MLBuild.Engine.Recipes;

/// <summary>Everything a result depends on, as one canonical text. Its SHA-256 is the fingerprint, which decides; two
/// recipes compared entry by entry explain. Both read the same text, so they cannot disagree.</summary>
public sealed class Recipe
{
    private const string Header = "mlbuild-recipe 1\n";

    private readonly RecipeEntry[] _own;
    private readonly RecipeLines? _code;
    private RecipeEntry[]? _entries;
    private string? _text;
    private ContentHash? _fingerprint;

    /// <param name="code">Further entries, of kinds that the others do not have: those of the code, which are many and
    /// the same for all units of a stage.</param>
    /// <exception cref="ArgumentException">Two entries of one kind share a name.</exception>
    public Recipe(IEnumerable<RecipeEntry> entries, RecipeLines? code = null)
    {
        (_own, _code) = ([.. entries], code);
        Array.Sort(_own, InOrder);
        for (var i = 1; i < _own.Length; i++)
        {
            if (InOrder(_own[i - 1], _own[i]) == 0)
                throw new ArgumentException(
                    $"A recipe has two entries '{_own[i].Kind} {_own[i].Name}'. Give one of them another name.");
        }
    }

    /// <summary>Sorted by kind, then name.</summary>
    public IReadOnlyList<RecipeEntry> Entries
    {
        get
        {
            if (_entries is null)
            {
                RecipeEntry[] all = [.. _own, .. _code?.Entries ?? []];
                Array.Sort(all, InOrder);
                _entries = all;
            }
            return _entries;
        }
    }

    public string Text => _text ??= Write();

    public ContentHash Fingerprint => _fingerprint ??= ContentHash.Of(Text);

    private string Write()
    {
        var text = new StringBuilder(Header);
        var next = 0;
        foreach (var kind in RecipeLines.Kinds)
        {
            var block = _code?.Of(kind) ?? "";
            if (block.Length > 0 && next < _own.Length && _own[next].Kind == kind)
                throw new InvalidOperationException(
                    $"BUG: entries of kind {kind} are among those of the code and the others.");
            text.Append(block);
            for (; next < _own.Length && _own[next].Kind == kind; next++)
                text.Append(_own[next].ToLine());
        }
        return text.ToString();
    }

    private static int InOrder(RecipeEntry one, RecipeEntry other) => one.Kind == other.Kind
        ? string.CompareOrdinal(one.Name, other.Name)
        : one.Kind < other.Kind ? -1 : 1;

    /// <summary>True if a file begins as a recipe does.</summary>
    public static bool IsOne(string path) => FileStart.Is(path, Header);

    /// <exception cref="FormatException">The text is not a recipe of this version.</exception>
    public static Recipe Parse(string text) => text.StartsWith(Header, StringComparison.Ordinal)
        ? new(text[Header.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecipeEntry.Parse))
        : throw new FormatException("This text is not a recipe of this version of MLBuild.");
}
