using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.Nuke;

/// <summary>Says what the targets of a plan would do, in place of doing it.</summary>
internal static class DryRunPlan
{
    private const string Condition = "dry run";

    /// <summary>Answers as soon as the host has applied <c>--skip</c>, static conditions and requirements: when it asks
    /// for the first condition, which it does before the first target. Then ends the process, as hosts do after
    /// <c>--plan</c>.</summary>
    public static void Answer(
        PipelineSession session, IReadOnlyCollection<ExecutableTarget> plan, bool inFull)
    {
        foreach (var target in plan)
            target.DynamicConditions.Insert(0, (Condition, WriteAndExit));

        bool WriteAndExit()
        {
            Write(session, plan, inFull, Console.Out);
            Environment.Exit(0);
            return false;
        }
    }

    private static void Write(
        PipelineSession session, IReadOnlyCollection<ExecutableTarget> plan, bool inFull, TextWriter to)
    {
        var unmet = plan.Where(target => target.Status != ExecutionStatus.Skipped)
            .Select(target => (target, conditions: target.DynamicConditions
                .Where(condition => condition.Text is not (Condition or StageTargets.StaleText))
                .Where(condition => !condition.Delegate()).Select(condition => condition.Text).ToArray()))
            .Where(pair => pair.conditions.Length > 0)
            .ToDictionary(pair => pair.target, pair => string.Join(" && ", pair.conditions));
        var stages = plan.Where(target => session.NameOf(target) is not null).ToArray();
        var leftAlone = stages.Where(IsSkipped).Select(target => session.NameOf(target)!).ToHashSet();
        var lines = new Forecast(session.Pipeline, session.Workspace, session.Code)
            .Of(stages.Select(target => session.NameOf(target)!), leftAlone, session.Only);
        // From the index, as nothing is decided by it: to read each record can take longer than all the rest.
        var said = new DryRun(lines, lines.Select(line => line.Stage).Distinct()
            .SelectMany(stage => session.Workspace.Index.OfStage(stage.ToString())));
        foreach (var target in plan)
        {
            if (session.NameOf(target) is { } stage)
                foreach (var line in said.Of(stage, inFull))
                    to.WriteLine(line);
            else if (IsSkipped(target))
                to.WriteLine($"{target.Name}: would be skipped");
            else if (target.Actions.Count > 0)
                to.WriteLine($"{target.Name}: is not a stage, would be run{said.Before(StagesBefore(target))}; what " +
                    "it does is not foreseen");
        }
        to.WriteLine(said.Summary());
        session.SaveLearned();

        bool IsSkipped(ExecutableTarget target) =>
            target.Status == ExecutionStatus.Skipped || unmet.ContainsKey(target);

        HashSet<StageName> StagesBefore(ExecutableTarget target)
        {
            var seen = new HashSet<ExecutableTarget>();
            Follow(target);
            return [.. seen.Select(session.NameOf).OfType<StageName>()];

            void Follow(ExecutableTarget from)
            {
                foreach (var before in from.AllDependencies.Where(plan.Contains).Where(seen.Add))
                    Follow(before);
            }
        }
    }
}
