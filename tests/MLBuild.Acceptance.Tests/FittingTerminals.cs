using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>What every command prints is pinned as text: redirected, and on terminals of 80 and of 120 columns. Here no
/// command is forgotten, and each is seen on a real terminal.</summary>
public sealed partial class FittingTerminals
{
    private const string Engine = "MLBuild.Engine.Tests/Inspecting/";
    private const string Terminal = Engine + "WritingToTerminals.cs ALineOfTheLogGoesOnBelowItsMessage";
    private const string Sentence = Engine + "WritingToTerminals.cs OtherLinesGoOnIndentedEachByItself";
    private const string Stages = "MLBuild.Stages.Tests/Terminals/FittingTerminals.cs ";

    // What a stage says, or a program that a target starts, is lines of the log.
    private static readonly Dictionary<string, string[]> PinnedBy = new()
    {
        [Terminal] =
        [
            "Ingest", "Validate", "InferContract", "Split", "Features", "Train", "Evaluate", "Card", "Register", "Skew",
            "Sweep", "Halving", "Report", "Serve", "Balance", "Bench", "Test", "Pack", "Sample",
        ],
        [Sentence] = ["Pin", "Unpin", "Workflows"],
        ["MLBuild.Acceptance.Tests/CompletingCommands.cs"] = ["Completion"],
        [Stages + "SentencesOfTheLog"] =
        [
            "Deploy", "Promote", "Rollback", "Note", "Tag", "Untag", "Archive", "Unarchive", "Export", "Import",
            "Retrain",
        ],
        [Stages + "WhatMonitorSays"] = ["Monitor"],
        [Stages + "Versions"] = ["Versions"],
        [Stages + "Served"] = ["Served"],
        [Stages + "Status"] = ["Status"],
        [Stages + "LineageOfAVersion"] = ["Lineage"],
        [Stages + "DiffOfVersions"] = ["Diff"],
        [Engine + "ListingArtifacts.cs OnATerminalOf80ColumnsItFits"] = ["Artifacts"],
        [Engine + "FittingTerminals.cs Show"] = ["Show"],
        [Engine + "FittingTerminals.cs Why"] = ["Why"],
        [Engine + "FittingTerminals.cs Logs"] = ["Logs"],
        [Engine + "FittingTerminals.cs Prune"] = ["Prune"],
        [Engine + "FittingTerminals.cs Verify"] = ["Verify"],
        [Engine + "FittingTerminals.cs Reproduce"] = ["Reproduce"],
        ["MLBuild.Engine.Tests/Journal/ListingRuns.cs AtEightyColumns"] = ["History"],
        ["MLBuild.Engine.Tests/Graphs/DrawingStages.cs AtEightyColumns"] = ["Graph"],
    };

    [Fact]
    public void EveryCommandHasATestOfItsText()
    {
        using var project = new TaxiProject();
        var commands = project.Run("--help").Succeeded().Lines
            .SkipWhile(line => !line.StartsWith("Targets ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("Parameters:", StringComparison.Ordinal))
            .Select(line => Command().Match(line)).Where(match => match.Success).Select(match => match.Value.Trim());

        Assert.Equal(commands.Order(StringComparer.Ordinal),
            PinnedBy.Values.SelectMany(names => names).Order(StringComparer.Ordinal));
        Assert.All(PinnedBy.Keys, test =>
        {
            var parts = test.Split(' ');
            var text = File.ReadAllText(Path.Combine(BuildProgram.Repository, "tests", parts[0]));
            if (parts is [_, var method])
                Assert.Contains($" {method}(", text);
        });
    }

    [LinuxFact]
    public void NoLineIsWiderThanTheTerminal()
    {
        using var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        string[] all =
        [
            "Train --iterations 40", "Monitor", "Deploy --model-version 1", "Deploy --model-version 2",
            "Tag --model-version 1 --named golden",
            "Note --model-version 1 --text 'slow in the north, where nobody has looked yet at what the trips are " +
            "like, and too low at night'",
            "Versions", "Versions --model-version 1", "Served", "Served --at 2099-01-01", "Status",
            "Lineage --model-version 1", "Diff --from 1 --to production", "Artifacts", "Artifacts --of-stage Ingest",
            "Show --artifact Train/model.zip", "Show --artifact Split/train.parquet",
            "Diff --from Train/model.zip~1 --to Train/model.zip", "Why --of-stage Train --learning-rate 0.2",
            "History", "History --of-stage Train", "Logs --of-stage Evaluate", "Graph",
            "Pin --artifact Train/model.zip --because 'it is in a paper'", "Unpin --artifact Train/model.zip",
            "Verify", "Prune --older-than 0h", "Reproduce --of-stage Split", "Train --hold-out-share 0.3 --dry-run",
            "Register --plan", "Train --nothing", "--help",
        ];
        var (narrow, longest) = Lines(project, 80, all);
        AssertNone(narrow.Where(line => line.Text.Length > 80 && line.Text.TrimStart().Contains(' ')));

        // What is laid out, and uses what there is.
        string[] wide =
        [
            "Versions", "Served --at 2099-01-01", "Status", "Artifacts", "Show --artifact Split/train.parquet",
            "History", "Graph", "Train --hold-out-share 0.3 --dry-run", "--help",
        ];
        var (lines, _) = Lines(project, 120, wide);
        AssertNone(lines.Where(line => line.Text.Length > 120 && line.Text.TrimStart().Contains(' ')));
        Assert.Contains(lines, line => line.Text.Length > 110);
        Assert.True(longest > 70, $"The longest line of all has {longest} characters.");
    }

    private static void AssertNone(IEnumerable<(string Command, string Text)> lines) =>
        Assert.Equal("", string.Join('\n', lines.Select(line => $"{line.Command}: {line.Text}")));

    // All in one terminal.
    private static ((string Command, string Text)[] Lines, int Longest) Lines(
        TaxiProject project, int columns, string[] commands)
    {
        var script = string.Concat(commands.Select(command =>
            $"echo '@@'; dotnet '{BuildProgram.Dll}' {command} --root '{project.Root}'; "));
        var file = project.PathOf("commands.sh");
        File.WriteAllText(file, script);
        var start = project.StartInfo("script", "-qec", $"stty cols {columns} rows 40; sh '{file}'", "/dev/null");
        start.Environment["TERM"] = "xterm";
        start.Environment["NO_COLOR"] = null;
        var (_, output, _) = BuildProgram.Run(start);
        var parts = output.Split("@@\r\n")[1..];
        Assert.Equal(commands.Length, parts.Length);
        // Lines that are replaced in their place end in a return.
        (string Command, string Text)[] lines =
        [
            .. commands.Zip(parts).SelectMany(one => Codes().Replace(one.Second, "").Split('\n', '\r')
                .Where(line => line.Length > 0).Select(line => (one.First, line))),
        ];
        // Each has answered.
        Assert.Equal(commands.Distinct(), lines.Select(line => line.Command).Distinct());
        return (lines, lines.Max(line => line.Text.Length));
    }

    [GeneratedRegex(@"^  [A-Z]\w*(?= )")]
    private static partial Regex Command();

    [GeneratedRegex(@"\e\[[?0-9;]*[A-Za-z]")]
    private static partial Regex Codes();
}
