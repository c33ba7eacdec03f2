namespace MLBuild.Stages.Sweep;

/// <summary>Whether a trial goes on to the next rung of a halving.</summary>
/// <param name="StoppedAfter">The last rung that it took part in; null for one that goes on.</param>
public sealed record TrialDecision(int? StoppedAfter);

/// <summary>Who goes on after a rung.</summary>
/// <param name="Survivors">The points that go on, the best first.</param>
/// <param name="Stopped">All others, by the last rung that they took part in.</param>
public sealed record RungReport(
    int Rung, IReadOnlyList<string> Survivors, IReadOnlyDictionary<string, int> Stopped);
