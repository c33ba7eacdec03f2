using MLBuild.Engine.Graphs;
using MLBuild.Engine.History;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Monitoring;
using MLBuild.Registry;
using MLBuild.Stages.Monitor;

namespace MLBuild.Stages.Site;

/// <summary>A state as it is shown: by a colour, a sign and a word, each of which is enough.</summary>
/// <param name="Class">That of the colour.</param>
internal sealed record SiteMark(string Class, string Sign, string Word)
{
    public string Text => $"{Sign} {Word}";

    public static SiteMark Of(StageState state)
    {
        var (kind, sign) = state switch
        {
            StageState.Fresh => ("good", "✓"),
            StageState.Stale => ("warn", "↻"),
            StageState.Undecided => ("warn", "?"),
            StageState.Failed => ("bad", "✗"),
            StageState.NeverBuilt => ("early", "○"),
            StageState.Effect => ("early", "→"),
            _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
        };
        return new(kind, sign, StageGraph.WordOf(state));
    }

    /// <summary>What serves is as good as the worse of what its gate and what Monitor said.</summary>
    public static SiteMark Of(SiteEnvironment environment)
    {
        if (environment.Serving is not { } serving)
            return new("early", "○", "nothing");
        var gate = Of(serving.Gate).Class;
        var window = environment.LastWindow is { } last ? Of(last.Verdict).Class : gate;
        return new(
            new[] { "bad", "warn" }.FirstOrDefault(kind => kind == gate || kind == window) ?? gate, "●",
            $"version {serving.To}");
    }

    public static SiteMark Of(GateOutcome gate) => gate switch
    {
        GateOutcome.Passed => new("good", "✓", "gate passed"),
        GateOutcome.Failed => new("bad", "✗", "gate failed"),
        GateOutcome.Inconclusive => new("warn", "?", "gate inconclusive"),
        _ => throw new InvalidOperationException($"BUG: unknown outcome {gate}."),
    };

    public static SiteMark Of(ContractReport report) => report.Passed
        ? new("good", "✓", "keeps its contract")
        : new("bad", "✗", "breaks its contract");

    public static SiteMark Of(WindowVerdict verdict) => new(
        verdict switch
        {
            WindowVerdict.Fine => "good",
            WindowVerdict.Drift => "warn",
            WindowVerdict.NotEnoughData => "early",
            _ => "bad",
        },
        verdict switch
        {
            WindowVerdict.Fine => "✓",
            WindowVerdict.Drift => "≠",
            WindowVerdict.NotEnoughData => "○",
            _ => "✗",
        },
        MonitorText.Word(verdict));

    public static SiteMark Of(RunState state) => state switch
    {
        RunState.Succeeded => new("good", "✓", "succeeded"),
        RunState.Failed => new("bad", "✗", "failed"),
        RunState.Interrupted => new("warn", "!", "interrupted"),
        RunState.Killed => new("warn", "!", "killed"),
        RunState.Running => new("early", "…", "goes on"),
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    public static SiteMark Of(UnitFate fate) => fate switch
    {
        UnitFate.UpToDate => new("good", "✓", "up to date"),
        UnitFate.Restored => new("good", "↺", "restored"),
        UnitFate.Ran => new("good", "▶", "ran"),
        UnitFate.Failed => new("bad", "✗", "failed"),
        UnitFate.Frozen => new("early", "❄", "frozen"),
        UnitFate.LeftOut => new("early", "○", "left out"),
        UnitFate.NotRun => new("warn", "○", "not run"),
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };
}
