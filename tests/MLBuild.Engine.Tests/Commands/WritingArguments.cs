using System.Diagnostics;
using MLBuild.Engine.Commands;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>Arguments with placeholders, and the one line that a command is in its recipe.</summary>
public sealed class WritingArguments
{
    private static readonly string[] Pieces =
    [
        "{", "}", "{{", "in", ":", "out", "a", " ", "'", "\\", "\"", "{in:x}", "{source}", "{ins:a b}", "\n", "=", "$",
        "*",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryTextComesBack(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5000; i++)
        {
            var text = Text(random);
            Assert.Equal(text, ArgumentTemplate.Parse(text).ToString());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EscapedTextIsNothingButText(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5000; i++)
        {
            var text = Text(random);
            var parts = ArgumentTemplate.Parse(text.Replace("{", "{{")).Parts;
            Assert.Equal(text, parts is [] ? "" : Assert.IsType<ArgumentPart.Text>(Assert.Single(parts)).Value);
        }
    }

    [UnixFact]
    public void AShellTakesTheLineApartAgain()
    {
        var random = new Random(1);
        string[][] commands = [.. Enumerable.Range(0, 300).Select(_ =>
            Enumerable.Range(0, random.Next(1, 5)).Select(_ => Text(random)).ToArray())];
        var script = string.Concat(commands.Select(command =>
            $"printf '%s\\036' {Command.Quoted(command)}; printf '\\035'\n"));
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true })!;
        var read = shell.StandardOutput.ReadToEnd().Split('\u001d')[..^1].Select(line => line.Split('\u001e')[..^1]);
        Assert.Equal(commands, read);
    }

    [Theory]
    [InlineData("{in:Split/rows.csv}", typeof(ArgumentPart.Input))]
    [InlineData("{ins:rows.csv}", typeof(ArgumentPart.Inputs))]
    [InlineData("{out:plots/}", typeof(ArgumentPart.Output))]
    [InlineData("{file:a:b}", typeof(ArgumentPart.File))]
    [InlineData("{option:Rate}", typeof(ArgumentPart.Option))]
    [InlineData("{source}", typeof(ArgumentPart.Source))]
    [InlineData("{partition}", typeof(ArgumentPart.Partition))]
    [InlineData("{in:}", typeof(ArgumentPart.Unknown))]
    [InlineData("{IN:x}", typeof(ArgumentPart.Unknown))]
    [InlineData("{ in:x}", typeof(ArgumentPart.Unknown))]
    [InlineData("{source:x}", typeof(ArgumentPart.Unknown))]
    [InlineData("{in", typeof(ArgumentPart.Unknown))]
    public void Placeholders(string text, Type type) => Assert.IsType(type, ArgumentTemplate.Parse(text).Parts[0]);

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
