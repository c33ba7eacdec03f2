namespace MLBuild.Benchmarks.Builds;

/// <summary>Trivial stages, the same for every build tool: each writes its own name, whatever it reads. The last one is
/// Train and needs all others.</summary>
internal sealed record StageGraph(IReadOnlyList<StageGraph.Node> Nodes)
{
    public const string Last = "Train";

    private const int LayerWidth = 10;

    public sealed record Node(string Name, IReadOnlyList<string> Reads);

    /// <summary>One stage, many that read it, and one that reads those.</summary>
    public static StageGraph Diamond(int stages)
    {
        var middle = Enumerable.Range(1, stages - 2).Select(i => new Node($"S{i}", ["S0"])).ToArray();
        return new([new("S0", []), .. middle, new(Last, [.. middle.Select(node => node.Name)])]);
    }

    /// <summary>Layers of ten; each stage reads two of the layer before.</summary>
    public static StageGraph Layers(int stages)
    {
        var nodes = Enumerable.Range(0, stages - 1).Select(i => new Node($"S{i}", ReadsOf(i))).ToArray();
        var read = nodes.SelectMany(node => node.Reads).ToHashSet();
        return new([.. nodes, new(Last, [.. nodes.Select(node => node.Name).Where(name => !read.Contains(name))])]);

        static string[] ReadsOf(int i)
        {
            var layer = i / LayerWidth * LayerWidth;
            return layer == 0 ? [] : [$"S{i - LayerWidth}", $"S{layer - LayerWidth + (i + 1) % LayerWidth}"];
        }
    }
}
