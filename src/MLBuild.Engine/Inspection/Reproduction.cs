using System.Globalization;
using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>Runs stages once more from their stored inputs, in a fresh place, and compares what they give with what is
/// stored, bit for bit. Nothing is recorded or put in place.</summary>
public sealed class Reproduction(
    Pipeline pipeline, Workspace workspace, ICodeFingerprint code, IRunObserver observer,
    IReadOnlyList<IArtifactDifference> differences)
{
    /// <summary>How it went for one unit.</summary>
    /// <param name="Differences">One sentence for each output that differs; none if it was reproduced.</param>
    public sealed record Line(string Unit, ActionRecord Record, TimeSpan Took, IReadOnlyList<string> Differences)
    {
        public override string ToString() => Differences.Count == 0
            ? $"{Unit}: reproduced bit for bit ({string.Join(", ", Record.Outputs.Select(output =>
                $"{output.Name} {output.Artifact.Hash.Short}"))}, {Wording.Duration(Took)})"
            : string.Join('\n', Differences);
    }

    /// <param name="deep">Every cached stage that it reads is reproduced too, each from what is stored.</param>
    /// <exception cref="PipelineException">The stage acts on something outside, or is not up to date.</exception>
    public async Task<IReadOnlyList<Line>> Run(Stage asked, bool deep, CancellationToken cancel)
    {
        if (asked.Kind == StageKind.Effect)
            throw new PipelineException($"{asked.Name} acts on something outside, so it cannot be run for " +
                $"comparison. Reproduce a stage that it reads.");
        using var work = new WorkFolder(workspace);
        var partitions = new Partitions(pipeline);
        using var commands = new StageCommands(workspace);
        var planner = new UnitPlanner(workspace, code, commands, new(workspace, cancel));
        var again = new UnitWork(workspace, code, commands, planner, observer, work, cancel);
        var done = new Dictionary<StageName, StageOutcome.Done>();
        var lines = new List<Line>();
        await Visit(asked);
        return lines;

        async Task<StageOutcome.Done> Visit(Stage stage)
        {
            if (done.TryGetValue(stage.Name, out var known))
                return known;
            var upstream = new List<StageOutcome.Done>();
            foreach (var input in stage.Inputs.Select(input => input.Stage).Distinct())
                upstream.Add(await Visit(pipeline[input]));
            var units = partitions.UnitsOf(stage);
            var setting = StageSetting.Of(
                stage, units, workspace, new(line => observer.Log(new(stage, null), line), cancel));
            var plans = planner.Decide(units, setting, StageInputs.Of(pipeline, stage, upstream));
            var results = plans.Select(plan => (Plan: plan, Record: RecordOf(plan))).ToArray();
            if (deep || stage == asked)
            {
                foreach (var (plan, record) in results.Where(result => result.Plan.Verdict is not Verdict.Frozen))
                    lines.Add(await Again(plan, record));
            }
            return done[stage.Name] = new(stage.Name, [.. results.Select(result =>
                new UnitResult(result.Plan.Unit, result.Plan.Verdict, result.Record, TimeSpan.Zero, []))]);
        }

        // One after the other, so that each has the machine to itself.
        Task<Line> Again(UnitPlan plan, ActionRecord record) => again.Do(plan, () => { }, written => new Line(
            plan.Unit.Name, record, written.Duration, [.. record.Outputs.SelectMany(output =>
                Differing(output.Artifact, Path.Combine(written.Folder, output.Name.TrimEnd('/')),
                    output.Name.TrimEnd('/')).Select(difference => $"{plan.Unit.Name}/{difference}"))]));
    }

    private static ActionRecord RecordOf(UnitPlan plan) => plan.Verdict switch
    {
        Verdict.UpToDate upToDate => upToDate.Record,
        Verdict.Restore restore => restore.Record,
        Verdict.Frozen frozen => frozen.Record,
        _ =>
            throw new PipelineException($"{plan.Unit.Name} has no stored result to compare with: it would run " +
                $"because {plan.Verdict.Because}. Run ./build.sh {plan.Unit.Stage.Name} first, or check out what " +
                $"made the result."),
    };

    private IEnumerable<string> Differing(Artifact stored, string path, string name)
    {
        if (stored.Kind == ArtifactKind.File)
            return FileHasher.Hash(path) is var hash && hash == stored.Hash ? [] : [
                $"{name} was not reproduced: stored {stored.Hash.Short}, now {hash.Short}; " +
                    First(workspace.Artifacts.Verified(stored.Hash), path, name)];
        var files = workspace.Artifacts.ReadTree(stored.Hash).Entries.ToDictionary(entry => entry.Path);
        var now = Directory.GetFiles(path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(path, file).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        return files.Keys.Union(now).Order(StringComparer.Ordinal).SelectMany(file => (files.GetValueOrDefault(file),
            now.Contains(file)) switch
        {
            (null, _) => [$"{name}/{file} was not reproduced: it is stored nowhere, and was written now"],
            (_, false) => [$"{name}/{file} was not reproduced: it is stored, and was not written now"],
            ({ } entry, _) => Differing(new(entry.Hash, ArtifactKind.File, entry.SizeBytes),
                Path.Combine(path, file), $"{name}/{file}"),
        });
    }

    private string First(string expected, string actual, string name)
    {
        foreach (var difference in differences.Where(difference => difference.Compares(name)))
        {
            if (difference.FirstDifference(expected, actual) is { } words)
                return words;
        }
        using var one = new BufferedStream(File.OpenRead(expected));
        using var other = new BufferedStream(File.OpenRead(actual));
        for (var offset = 0L; ; offset++)
        {
            var (was, now) = (one.ReadByte(), other.ReadByte());
            if (was == now)
                continue;
            return string.Create(CultureInfo.InvariantCulture,
                $"byte {offset:N0} was {Shown(was)}, now is {Shown(now)}");
        }

        static string Shown(int value) => value < 0 ? "the end" : $"0x{value:x2}";
    }
}
