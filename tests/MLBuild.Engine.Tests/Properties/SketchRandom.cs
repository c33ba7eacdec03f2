using System.Collections.Immutable;
using static MLBuild.Engine.Tests.Properties.Sketch;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Draws pipelines and changes that a person makes to them, from a seed.</summary>
/// <param name="freezes">False if no stage is ever frozen.</param>
internal sealed class SketchRandom(Random random, bool freezes)
{
    private static readonly string[] AllFiles = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
    private static readonly string[][] Outputs = [["out.txt"], ["out.txt"], ["x/out.txt", "plots/"], ["plots/"]];

    // A stage's number is never used again, unless it comes back as it was.
    private int _named;

    public Sketch Pipeline(int stages)
    {
        var sketch = new Sketch(AllFiles.ToImmutableSortedDictionary(file => file, _ => Letter()), []);
        for (var i = 0; i < stages; i++)
            sketch = Add(sketch);
        return sketch;
    }

    /// <summary>One change of a source file, or of what a stage declares.</summary>
    public Sketch Change(Sketch sketch)
    {
        var node = random.Any(sketch.Nodes);
        var isRead = sketch.Nodes.Any(other => other.Reads.Any(read => read.Split('/')[0] == node.Name));
        return random.Next(13) switch
        {
            0 or 1 => sketch with { Files = sketch.Files.SetItem(random.Any(AllFiles), Letter()) },
            2 => Delete(sketch, random.Any(AllFiles)),
            3 => sketch.With(node with { Option = random.Next(3) }),
            4 => sketch.With(node with { Version = random.Any(["1", "2"]) }),
            5 => sketch.With(node with { Observed = Letter() }),
            6 when node.Parting == Parting.Points => sketch.With(node with { Points = Points() }),
            7 when freezes && !node.IsEffect =>
                sketch.With(node with { IsFrozen = !node.IsFrozen && random.Next(2) == 0 }),
            8 when !isRead && !node.IsFrozen => sketch.With(node with { Writes = [.. random.Any(Outputs)] }),
            9 when !isRead && !node.IsFrozen => sketch.With(Parted(sketch, node)),
            10 when !isRead && sketch.Nodes.Count > 2 => sketch with { Nodes = sketch.Nodes.Remove(node) },
            11 => Add(sketch),
            12 => sketch.With(node with { Reads = Reads(sketch, node) }),
            _ => sketch.With(node with { Cores = random.Next(1, 5), MemoryGigabytes = random.Next(4) }),
        };
    }

    private Sketch Add(Sketch sketch)
    {
        var node = new Node($"s{_named++}", [], [.. random.Any(Outputs)])
        {
            IsLossy = random.Next(3) == 0,
            IsShaky = random.Next(10) == 0,
            IsEffect = random.Next(10) == 0,
            Cores = random.Next(6) == 0 ? random.Next(1, 5) : 1,
        };
        // Two builds run an effect at once, so its attempts cannot be told apart.
        node = node with { IsShaky = node.IsShaky && !node.IsEffect };
        sketch = sketch with { Nodes = sketch.Nodes.Add(node) };
        sketch = sketch.With(Parted(sketch, node));
        return sketch.With(sketch[node.Name] with { Reads = Reads(sketch, sketch[node.Name]) });
    }

    private Node Parted(Sketch sketch, Node node)
    {
        var parted = Before(sketch, node).Where(other => other.Parting != Parting.None).ToArray();
        node = node with { Files = [], Points = [], SameAs = null };
        return random.Next(10) switch
        {
            0 or 1 => node with { Parting = Parting.Files, Files = SourceFiles(sketch) },
            2 => node with { Parting = Parting.Points, Points = Points() },
            3 or 4 or 5 when parted.Length > 0 && random.Any(parted) is var other => node with
            {
                Parting = Parting.SameAs,
                SameAs = other.Name,
                Reads = [.. node.Reads.Append(other.Name).Distinct()],
            },
            _ => node with { Parting = Parting.None },
        };
    }

    // Mostly of late ones, so that many stages make a deep pipeline and not a wide one.
    private ImmutableArray<string> Reads(Sketch sketch, Node node)
    {
        var before = Before(sketch, node);
        var reads = new List<string>();
        if (node.SameAs is { } same)
            reads.Add(same);
        for (var left = before.Length == 0 ? 0 : random.Next(4); left > 0; left--)
        {
            var read = before[Math.Max(random.Next(before.Length), random.Next(before.Length))];
            reads.Add(random.Next(3) == 0 ? $"{read.Name}/{random.Any(read.Writes)}" : read.Name);
        }
        return [.. reads.Distinct()];
    }

    private static Node[] Before(Sketch sketch, Node node) =>
        [.. sketch.Nodes.TakeWhile(other => other.Name != node.Name)];

    private ImmutableArray<string> SourceFiles(Sketch sketch) =>
        [.. sketch.Files.Keys.Where(_ => random.Next(2) == 0).DefaultIfEmpty(random.Any([.. sketch.Files.Keys]))];

    private ImmutableArray<int> Points() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(5))
        .Distinct()];

    // A stage without partitions would be another test.
    private static Sketch Delete(Sketch sketch, string file) =>
        sketch with { Files = sketch.Files.Remove(file) } is var without && sketch.Files.Count > 2
            && without.Nodes.All(node => without.Keys(node).Count > 0)
            ? without
            : sketch;

    private string Letter() => random.Any(["a", "b", "c"]);
}

internal static class Draws
{
    public static T Any<T>(this Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public static bool Chance(this Random random, int inHundred) => random.Next(100) < inHundred;
}
