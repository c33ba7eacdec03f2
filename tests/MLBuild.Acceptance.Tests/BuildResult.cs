using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>What a build printed and how it ended. Times of day are cut off, and the project's folder is written as
/// <c>ROOT</c>, so that a text is the same on every machine.</summary>
internal sealed partial class BuildResult
{
    private const char NoBreakSpace = '\u00A0';

    public BuildResult(int exitCode, string output, string root)
    {
        ExitCode = exitCode;
        Lines = [.. output.Replace(root, "ROOT").Split('\n')
            .Select(line => TimeOfDay().Replace(line.TrimEnd('\r'), ""))];
    }

    public int ExitCode { get; }

    public IReadOnlyList<string> Lines { get; }

    public string Text => string.Join('\n', Lines);

    /// <summary>What the stages said, without their headings.</summary>
    public IEnumerable<string> Log =>
        Lines.Where(line => line.StartsWith("[INF] ", StringComparison.Ordinal)).Select(line => line[6..]);

    /// <summary>The remark on each target in the table at the end, such as <c>Up to date: 3c1ab9e6</c>.</summary>
    public IReadOnlyDictionary<string, string> Remarks => Lines
        .Where(line => line.Contains($"{NoBreakSpace}// ", StringComparison.Ordinal))
        .ToDictionary(line => line.Split(NoBreakSpace)[0], line => line.Split($"{NoBreakSpace}// ")[1]);

    /// <summary>The targets whose code ran: <c>Train</c>, or <c>Ingest 1 of 2 partitions</c>.</summary>
    public IReadOnlyList<string> Ran => [.. Remarks
        .Where(remark => remark.Value.StartsWith("Ran: ", StringComparison.Ordinal))
        .Select(remark => remark.Value.Contains("partition") ? $"{remark.Key} {remark.Value[5..]}" : remark.Key)];

    /// <summary>The targets that were put back from the store.</summary>
    public IReadOnlyList<string> Restored => [.. Remarks
        .Where(remark => remark.Value.StartsWith("Restored: ", StringComparison.Ordinal)).Select(remark => remark.Key)];

    /// <summary>Why the target failed, without the exceptions inside.</summary>
    public IReadOnlyList<string> Failure => [.. Lines
        .SkipWhile(line => !line.StartsWith("[ERR] Target ", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => !line.StartsWith(" ---> ", StringComparison.Ordinal) && !line.StartsWith('╬'))
        .Where(line => line.Length > 0)
        .Select(line => ExceptionType().Replace(line, ""))];

    /// <summary>Why the build did not start, if it did not.</summary>
    public IReadOnlyList<string> Refusal => [.. Lines.Skip(1).TakeWhile(line => line.Length > 0)];

    /// <summary>What stands between a target's heading and the next frame.</summary>
    public IReadOnlyList<string> OutputOf(string target) => [.. Lines
        .SkipWhile(line => line != $"║ {target}").Skip(3)
        .TakeWhile(line => !line.StartsWith('═') && !line.StartsWith('╬'))
        .Reverse().SkipWhile(line => line.Length == 0).Reverse()];

    public BuildResult Succeeded()
    {
        Assert.True(ExitCode == 0, Text);
        return this;
    }

    [GeneratedRegex("^[0-9]{2}:[0-9]{2}:[0-9]{2} (?=\\[)")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex("^[A-Za-z.]+Exception: ")]
    private static partial Regex ExceptionType();
}
