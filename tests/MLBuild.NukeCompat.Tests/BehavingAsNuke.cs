using System.Text.RegularExpressions;

namespace MLBuild.NukeCompat.Tests;

/// <summary>The same build with the same arguments prints what Nuke.Common 10.1.0 printed, line by line. Everything
/// that is meant to differ stands in this file.</summary>
public partial class BehavingAsNuke
{
    /// <summary>Our one line where NUKE prints its version.</summary>
    private static readonly string Banner = $"MLBuild.NukeCompat 1.0.0 (Linux, .NET {Environment.Version.ToString(2)})";

    /// <summary>A wrong value and an unknown switch end the build before it starts; NUKE warns or is silent, and
    /// carries on with the default.</summary>
    private static readonly Dictionary<int, string> Refusals = new()
    {
        [3] = "--mode is 'bogus', expected one of Fast, Slow.",
        [4] = "--device is 'nope', expected one of Cpu, Cuda.",
        [5] = "--timeout is 'abc', expected a duration such as 00:01:30.",
        [6] = "--sizes is 'two', expected a whole number.",
        [7] = "Unknown switch '--epochs'. --help lists the switches of this build.",
        [13] = "--seed is 'abc', expected a whole number.",
        [27] = "--no-logo is 'Show', expected true or false. Targets stand before the first switch."
    };

    /// <summary>Single lines that differ.</summary>
    private static readonly Dictionary<int, (string Theirs, string Ours)[]> Lines = new()
    {
        // A negative number is a value, not a switch.
        [8] = [("rates=[]", "rates=[-0.5]")],
        // The switches of the host are described in our words, and --plan prints text.
        [0] =
        [
            ("  --continue           Indicates to continue a previously failed build attempt.",
                "  --continue           Skips what succeeded in the last run with the same arguments."),
            ("  --help               Shows the help text for this build assembly.",
                "  --help               Prints this text and ends."),
            ("  --host               Host for execution. Default is 'automatic'.",
                "  --host               Where it runs, such as GitHubActions. Default is found out."),
            ("  --no-logo            Disables displaying the NUKE logo.",
                "  --no-logo            Prints no line with the version."),
            ("  --plan               Shows the execution plan (HTML).",
                "  --plan               Prints what would run, in order, and ends."),
            ("  --profile            Defines the profiles to load.",
                "  --profile            Reads .nuke/parameters.<profile>.json before parameters.json."),
            ("  --root               Root directory during build execution.",
                "  --root               Root directory. Default is the nearest one above with '.nuke'."),
            ("  --skip               List of targets to be skipped. Empty list skips all\n"
                + "                       dependencies.",
                "  --skip               Targets to skip. Without names, all that others depend on."),
            ("  --target             List of targets to be invoked. Default is 'Main1'.",
                "  --target             Targets to run. Default is 'Main1'."),
            ("  --verbosity          Logging verbosity during build execution. Default is\n"
                + "                       'Normal'.",
                "  --verbosity          Logs Verbose, Normal, Minimal or Quiet. Default is 'Normal'.")
        ]
    };

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, 30)];

    [TranscriptTheory]
    [MemberData(nameof(Numbers))]
    public void TranscriptIsTheSameButForWantedDifferences(int number)
    {
        var transcript = File.ReadAllText(
            Path.Combine(TranscriptTheoryAttribute.Folder!, "transcripts", $"{number:00}.txt")).Split('\n');
        var arguments = transcript[0]["$ build".Length..];
        using var space = new Workspace();
        // The 29th was recorded after a run with other arguments.
        if (number == 29)
            space.Run("Behaviours", "Show");

        var result = space.Run("Behaviours", arguments);

        Assert.Equal(
            Expected(number, transcript), [.. result.Lines.Select(WithoutDuration), $"rc={result.ExitCode}"]);
    }

    [TranscriptTheory]
    [InlineData("Show")]
    public void NoColoursWhereNobodyLooks(string arguments)
    {
        using var space = new Workspace();

        Assert.DoesNotContain('\e', space.Run("Behaviours", arguments).Raw);
    }

    private static IEnumerable<string> Expected(int number, string[] transcript)
    {
        if (Refusals.TryGetValue(number, out var refusal))
            return [Banner, refusal, "rc=255"];
        var text = string.Join('\n', transcript.Skip(1).Select(line =>
            line.StartsWith("NUKE Execution Engine") ? Banner : line.TrimEnd()));
        foreach (var (theirs, ours) in Lines.GetValueOrDefault(number, []))
        {
            Assert.Contains(theirs, text);
            text = text.Replace(theirs, ours);
        }
        return text.Split('\n').Where(line => line.Length > 0);
    }

    // A busy machine takes longer than the one on which the transcripts were recorded.
    private static string WithoutDuration(string line) => Seconds().Replace(line, "< 1sec");

    // With as much of the padding as makes it as wide.
    [GeneratedRegex(@"\u00A0{2}\d:\d\d")]
    private static partial Regex Seconds();
}
