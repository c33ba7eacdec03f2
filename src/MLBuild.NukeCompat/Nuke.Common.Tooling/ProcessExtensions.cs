#nullable disable
using System.Text;

namespace Nuke.Common.Tooling;

/// <summary>Waiting for programs and reading what they wrote.</summary>
public static class ProcessExtensions
{
    public static IProcess AssertWaitForExit(this IProcess process)
    {
        Assert.True(
            process.NotNull().WaitForExit(),
            $"'{Path.GetFileName(process.FileName)}' did not end in the time it was given, and was killed");
        return process;
    }

    public static IProcess AssertZeroExitCode(this IProcess process) =>
        process.AssertWaitForExit().ExitCode == 0 ? process : throw new ProcessException(process);

    public static IReadOnlyCollection<Output> EnsureOnlyStd(this IReadOnlyCollection<Output> output)
    {
        Assert.True(
            output.All(line => line.Type == OutputType.Std),
            "Expected no error output: " + string.Join(
                Environment.NewLine, output.Where(line => line.Type == OutputType.Err).Select(line => line.Text)));
        return output;
    }

    public static string StdToText(this IEnumerable<Output> output) =>
        string.Join(Environment.NewLine, output.Where(line => line.Type == OutputType.Std).Select(line => line.Text));
}

/// <summary>A program's exit code was not 0. The message holds its command line and error output.</summary>
public class ProcessException : Exception
{
    public ProcessException(IProcess process)
        : base(Text(process)) => ExitCode = process.ExitCode;

    public int ExitCode { get; }

    private static string Text(IProcess process)
    {
        var text = new StringBuilder()
            .AppendLine($"'{Path.GetFileName(process.FileName)}' ended with exit code {process.ExitCode}.")
            .AppendLine($"  > {process.FileName} {process.Arguments}")
            .Append($"  @ {process.WorkingDirectory}");
        foreach (var line in process.Output.Where(line => line.Type == OutputType.Err))
            text.AppendLine().Append("  ").Append(line.Text);
        return text.ToString();
    }
}
