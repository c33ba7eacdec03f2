using static MLBuild.Engine.Tests.Properties.Sketch;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Says what each stage of a sketch gives, by computing it: it knows nothing of recipes, stores or
/// records.</summary>
internal static class Evaluator
{
    /// <summary>The name of a unit, as the engine has it.</summary>
    public static string Unit(Node node, string? key) => key is null ? node.Name : $"{node.Name}/{key}";

    /// <summary>All that goes into a unit's result.</summary>
    /// <param name="kept">What another unit gave; null if it gave nothing.</param>
    public static string Whole(Sketch sketch, Node node, string? key, Func<string, string?> kept) => Whole(
        node, key, node.Parting == Parting.Files && node.Files.First(file => file.Split('.')[0] == key) is var file
            ? (file, sketch.Files[file]) : null,
        node.Inputs(sketch).SelectMany(input => sketch.Keys(input.Stage)
            .Where(other => !sketch.HaveSamePartitions(node, input.Stage) || other == key)
            .SelectMany(other => kept(Unit(input.Stage, other)) is { } text
                ? input.Outputs.Select(output => ($"{input.Stage.Name}/{other}/{output}", Output(text, output)))
                : [])));

    /// <summary>The same from what a stage's code sees.</summary>
    public static string Whole(
        Node node, string? key, (string Name, string Text)? source, IEnumerable<(string Name, string Text)> inputs) =>
        $"{node.Name} v{node.Version}{node.IsLossy} o{node.Option} {node.Observed} {key} " +
        $"{string.Join(' ', node.Writes)}({source?.Name}={source?.Text}," +
        string.Join(",", inputs.OrderBy(input => input.Name, StringComparer.Ordinal)
            .Select(input => $"{input.Name}={input.Text}")) + ")";

    /// <summary>What a unit keeps of all that went in.</summary>
    public static string Kept(Node node, string whole) => node.IsLossy
        ? $"{node.Name}:{whole.Sum(c => c) % 2}"
        : $"{whole.Length}:{Store.ContentHash.Of(whole).Hex}";

    /// <summary>The text of one output.</summary>
    public static string Output(string kept, string output) => $"{kept} {output}";

    /// <summary>What must be under <c>artifacts/</c> for a unit: text by path.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Files(Node node, string? key, string kept) =>
        node.Writes.Select(output => KeyValuePair.Create(
            $"{Unit(node, key)}/{(output.EndsWith('/') ? output + "deep/file" : output)}", Output(kept, output)));
}
