using System.Text.RegularExpressions;

namespace MLBuild.Packages.Tests;

/// <summary>A page of the guide: what it has the reader write and type, in its order.</summary>
internal sealed partial class GuidePage
{
    public GuidePage(string name)
    {
        Name = name;
        Text = File.ReadAllText(Path.Combine(PackedFolder.Repository, "src", "guide", name));
        Steps = [.. Block().Matches(Text).Select(Step)];
    }

    public string Name { get; }

    public string Text { get; }

    public IReadOnlyList<GuideStep> Steps { get; }

    /// <summary>The commands of the section under a heading; none if there is no such section.</summary>
    public static IEnumerable<string> CommandsAfter(string text, string heading) => text.Split($"{heading}\n") is
        [_, var section]
        ? Block().Matches(section.Split("\n## ")[0]).Where(block => block.Groups["language"].Value == "bash")
            .SelectMany(Commands)
        : [];

    private static string[] Commands(Match block) => [.. block.Groups["text"].Value.Split('\n')
        .Select(line => line.Split(" #")[0].Trim()).Where(line => line.Length > 0)];

    private GuideStep Step(Match block) => block.Groups["language"].Value switch
    {
        "bash" => new GuideStep.Type(Commands(block)),
        // What is written is named in the line before it.
        "csharp" or "json" => new GuideStep.Write(
            FileName().Match(Text[..block.Index].TrimEnd().Split('\n')[^1]) is { Success: true } file
                ? file.Groups[1].Value
                : throw new InvalidOperationException(
                    $"{Name}: a block of code has no file before it, expected a line that ends with `path`:"),
            block.Groups["text"].Value),
        var other => throw new InvalidOperationException(
            $"{Name} has a block of '{other}', expected bash, csharp, json, or console for what is printed."),
    };

    [GeneratedRegex("^```(?<language>(?!console)\\w+)\n(?<text>.*?)^```$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`]+)`:$")]
    private static partial Regex FileName();
}

/// <summary>What a page asks for.</summary>
internal abstract record GuideStep
{
    /// <summary>Command lines, one after the other.</summary>
    public sealed record Type(IReadOnlyList<string> Commands) : GuideStep;

    /// <summary>A file, from the root of the reader's repository.</summary>
    public sealed record Write(string Path, string Text) : GuideStep;
}
