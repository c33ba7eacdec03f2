using System.Text;

namespace MLBuild.Engine.Recipes;

/// <summary>Entries as the lines that they are in a recipe, sorted, a block for each kind. They are taken apart only
/// when somebody asks: a run with nothing to do needs the text alone.</summary>
public sealed class RecipeLines
{
    /// <summary>In their order. Written out, because asking the runtime for them costs a start more than all
    /// lines.</summary>
    internal static readonly RecipeKind[] Kinds =
    [
        RecipeKind.Semantics, RecipeKind.Framework, RecipeKind.Stage, RecipeKind.Partition, RecipeKind.Parameter,
        RecipeKind.Input, RecipeKind.Observed, RecipeKind.Code, RecipeKind.Captured, RecipeKind.Package,
        RecipeKind.Output,
    ];

    private readonly string[] _blocks;
    private RecipeEntry[]? _entries;

    internal RecipeLines(string[] blocks) => _blocks = blocks;

    /// <summary>Sorted by kind, then name.</summary>
    public IReadOnlyList<RecipeEntry> Entries => _entries ??= [.. _blocks
        .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(RecipeEntry.Parse)];

    /// <exception cref="ArgumentException">Two entries of one kind share a name.</exception>
    public static RecipeLines Of(IEnumerable<RecipeEntry> entries)
    {
        var sorted = new Recipe(entries).Entries;
        var blocks = new StringBuilder[Kinds.Length];
        for (var kind = 0; kind < blocks.Length; kind++)
            blocks[kind] = new();
        foreach (var entry in sorted)
            blocks[(int)entry.Kind].Append(entry.ToLine());
        return new(Array.ConvertAll(blocks, block => block.ToString())) { _entries = [.. sorted] };
    }

    /// <summary>The lines of one kind, each with its line break.</summary>
    internal string Of(RecipeKind kind) => _blocks[(int)kind];
}
