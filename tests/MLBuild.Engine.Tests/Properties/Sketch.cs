using System.Collections.Immutable;
using System.Globalization;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>What a person has declared, as a value: source files and stages. Going back to an earlier state is taking
/// an earlier value.</summary>
/// <param name="Files">Text by name; one that is not there is missing.</param>
internal sealed record Sketch(ImmutableSortedDictionary<string, string> Files, ImmutableList<Sketch.Node> Nodes)
{
    /// <summary>What a stage has partitions for.</summary>
    internal enum Parting
    {
        None,
        Files,
        Points,
        SameAs,
    }

    /// <summary>A stage. It has each option of a declaration that can matter to what runs.</summary>
    /// <param name="Reads">Stages, or <c>stage/output</c>.</param>
    internal sealed record Node(string Name, ImmutableArray<string> Reads, ImmutableArray<string> Writes)
    {
        public Parting Parting { get; init; }

        /// <summary>Files that make partitions, as far as they are there.</summary>
        public ImmutableArray<string> Files { get; init; } = [];

        public ImmutableArray<int> Points { get; init; } = [];

        public string? SameAs { get; init; }

        public string Version { get; init; } = "1";

        public int Option { get; init; }

        public string Observed { get; init; } = "a";

        /// <summary>Keeps so little that different inputs often give equal bytes.</summary>
        public bool IsLossy { get; init; }

        public bool IsFrozen { get; init; }

        public bool IsEffect { get; init; }

        /// <summary>Fails at its first attempt and is tried again.</summary>
        public bool IsShaky { get; init; }

        public int Cores { get; init; } = 1;

        public double MemoryGigabytes { get; init; }

        /// <summary>The outputs that it reads, by stage; reading twice is reading once.</summary>
        public IEnumerable<(Node Stage, string[] Outputs)> Inputs(Sketch sketch) => Reads
            .GroupBy(read => read.Split('/')[0]).Select(group => sketch[group.Key] is var stage
                ? (stage, group.Contains(group.Key) ? [.. stage.Writes] : stage.Writes
                    .Where(output => group.Contains($"{group.Key}/{output}")).ToArray())
                : default);
    }

    public Node this[string name] => Nodes.Find(node => node.Name == name)
        ?? throw new KeyNotFoundException($"no stage {name}");

    /// <summary>The keys of a stage's partitions; null is the stage itself.</summary>
    public IReadOnlyList<string?> Keys(Node node) => node.Parting switch
    {
        Parting.None => [null],
        Parting.Files => [.. node.Files.Where(Files.ContainsKey).Select(file => file.Split('.')[0])],
        Parting.Points => [.. node.Points.Select(point => point.ToString(CultureInfo.InvariantCulture))],
        _ => Keys(this[node.SameAs!]),
    };

    /// <summary>The stage that the partitions of a stage come from.</summary>
    public string Root(Node node) => node.SameAs is { } other ? Root(this[other]) : node.Name;

    public bool HaveSamePartitions(Node one, Node other) =>
        one.Parting != Parting.None && other.Parting != Parting.None && Root(one) == Root(other);

    /// <summary>Stages and all that they read, however far, each behind those that it reads.</summary>
    public IReadOnlyList<Node> Closure(IEnumerable<string> names)
    {
        var wanted = names.ToHashSet();
        foreach (var node in Enumerable.Reverse(Nodes).Where(node => wanted.Contains(node.Name)))
            wanted.UnionWith(node.Reads.Select(read => read.Split('/')[0]));
        return [.. Nodes.Where(node => wanted.Contains(node.Name))];
    }

    public Sketch With(Node node) =>
        this with { Nodes = Nodes.SetItem(Nodes.FindIndex(other => other.Name == node.Name), node) };

    public override string ToString() => string.Join('\n', Nodes.Select(node =>
        $"{node.Name} {node.Parting} [{string.Join(' ', Keys(node))}] reads {string.Join(' ', node.Reads)} writes " +
        $"{string.Join(' ', node.Writes)}{(node.IsFrozen ? " frozen" : "")}{(node.IsEffect ? " effect" : "")}" +
        $"{(node.IsLossy ? " lossy" : "")}{(node.IsShaky ? " shaky" : "")}"));
}
