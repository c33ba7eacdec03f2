using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using Serilog;

namespace MLBuild.Nuke;

/// <summary>Tells GitHub Actions what a run did: appends to the summary of the step that it is in, and to what later
/// steps can ask for. A build ends as it ends, whether that can be written or not.</summary>
internal static class StepSummary
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";
    private const string OutputVariable = "GITHUB_OUTPUT";

    public static void Append(
        PipelineSession session, IReadOnlyCollection<StageOutcome> outcomes, IReadOnlyList<IArtifactSummary> summaries)
    {
        var artifacts = outcomes.OfType<StageOutcome.Done>().SelectMany(done => done.Units)
            .SelectMany(unit => unit.Record.Outputs)
            .SelectMany(output => summaries.Where(summary => summary.Summarizes(output.Name))
                .Select(summary => (Output: output, Summary: summary)))
            .ToArray();
        Write(SummaryVariable, () =>
        [
            .. RunMarkdown.Lines(session.Pipeline, outcomes),
            .. artifacts.SelectMany(one => one.Summary.Markdown(PathOf(one.Output)).Append("")),
        ]);
        Write(OutputVariable, () => artifacts.SelectMany(one => one.Summary.StepOutputs(PathOf(one.Output)))
            .OrderBy(output => output.Key, StringComparer.Ordinal)
            .Select(output => $"{output.Key}={output.Value}"));

        string PathOf(Store.ActionRecord.Output output) => session.Workspace.Artifacts.Verified(output.Artifact.Hash);
    }

    private static void Write(string variable, Func<IEnumerable<string>> lines)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } file)
            return;
        try
        {
            File.AppendAllText(file, string.Concat(lines().Select(line => line + "\n")));
        }
        catch (Exception e)
        {
            Log.Warning("{Warning:l}", $"{variable} names '{file}', and what this run did was not appended to it: "
                + e.Message);
        }
    }
}
