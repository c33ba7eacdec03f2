using System.Text;

namespace MLBuild.Engine.Commands;

/// <summary>A piece of an argument: text, or a placeholder for something that the stage declares.</summary>
public abstract record ArgumentPart
{
    private ArgumentPart()
    {
    }

    public sealed record Text(string Value) : ArgumentPart;

    /// <summary><c>{in:rows.csv}</c>: the path of the one input with this name.</summary>
    public sealed record Input(string Name) : ArgumentPart;

    /// <summary><c>{ins:rows.csv}</c>: the paths of every input with this name, each an argument.</summary>
    public sealed record Inputs(string Name) : ArgumentPart;

    /// <summary><c>{out:model.bin}</c>: where to write an output.</summary>
    public sealed record Output(string Name) : ArgumentPart;

    /// <summary><c>{file:scripts/train.py}</c>: a file of the project, whose bytes are an input.</summary>
    public sealed record File(string Path) : ArgumentPart;

    /// <summary><c>{option:LearningRate}</c>: a member of the stage's options.</summary>
    public sealed record Option(string Name) : ArgumentPart;

    /// <summary><c>{source}</c>: the partition's source file.</summary>
    public sealed record Source : ArgumentPart;

    /// <summary><c>{partition}</c>: the partition's key.</summary>
    public sealed record Partition : ArgumentPart;

    /// <summary>Something in braces that is none of these.</summary>
    public sealed record Unknown(string Value) : ArgumentPart;
}

/// <summary>One argument of a command, with placeholders; <c>{{</c> is a brace that is meant as such. Never split or
/// expanded any further: no shell reads it.</summary>
public sealed class ArgumentTemplate
{
    /// <summary>Every placeholder, as people write it.</summary>
    internal static readonly IReadOnlyList<string> Placeholders =
        ["{in:…}", "{ins:…}", "{out:…}", "{file:…}", "{option:…}", "{source}", "{partition}"];

    private ArgumentTemplate(IReadOnlyList<ArgumentPart> parts) => Parts = parts;

    /// <summary>In order; two texts never follow each other.</summary>
    public IReadOnlyList<ArgumentPart> Parts { get; }

    /// <summary>Reads an argument. What is wrong in it becomes an <see cref="ArgumentPart.Unknown"/>, so that all
    /// faults of a pipeline can be named together.</summary>
    public static ArgumentTemplate Parse(string text)
    {
        var parts = new List<ArgumentPart>();
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '{')
            {
                plain.Append(text[i]);
                continue;
            }
            if (i + 1 < text.Length && text[i + 1] == '{')
            {
                plain.Append(text[i++]);
                continue;
            }
            var end = text.IndexOf('}', i);
            if (end < 0)
                end = text.Length;
            if (plain.Length > 0)
                parts.Add(new ArgumentPart.Text(plain.ToString()));
            plain.Clear();
            parts.Add(Placeholder(text[i..Math.Min(end + 1, text.Length)]));
            i = end;
        }
        if (plain.Length > 0)
            parts.Add(new ArgumentPart.Text(plain.ToString()));
        return new(parts);
    }

    /// <summary>The text as it was written: what <see cref="Parse"/> reads as the same argument.</summary>
    public override string ToString() => string.Concat(Parts.Select(TextOf));

    /// <summary>How a part is written.</summary>
    internal static string TextOf(ArgumentPart part) => part switch
    {
        ArgumentPart.Text text => text.Value.Replace("{", "{{"),
        ArgumentPart.Input input => $"{{in:{input.Name}}}",
        ArgumentPart.Inputs inputs => $"{{ins:{inputs.Name}}}",
        ArgumentPart.Output output => $"{{out:{output.Name}}}",
        ArgumentPart.File file => $"{{file:{file.Path}}}",
        ArgumentPart.Option option => $"{{option:{option.Name}}}",
        ArgumentPart.Source => "{source}",
        ArgumentPart.Partition => "{partition}",
        ArgumentPart.Unknown unknown => unknown.Value,
        _ => throw new InvalidOperationException($"BUG: unknown part of an argument {part}."),
    };

    private static ArgumentPart Placeholder(string text) => !text.EndsWith('}')
        ? new ArgumentPart.Unknown(text)
        : text[1..^1].Split(':', 2) switch
        {
            ["in", { Length: > 0 } name] => new ArgumentPart.Input(name),
            ["ins", { Length: > 0 } name] => new ArgumentPart.Inputs(name),
            ["out", { Length: > 0 } name] => new ArgumentPart.Output(name),
            ["file", { Length: > 0 } path] => new ArgumentPart.File(path),
            ["option", { Length: > 0 } name] => new ArgumentPart.Option(name),
            ["source"] => new ArgumentPart.Source(),
            ["partition"] => new ArgumentPart.Partition(),
            _ => new ArgumentPart.Unknown(text),
        };
}
