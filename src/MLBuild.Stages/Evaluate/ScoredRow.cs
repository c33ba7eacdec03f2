namespace MLBuild.Stages.Evaluate;

/// <summary>A held-out row with what the models made of it.</summary>
/// <param name="label">A number, or the position of the row's class.</param>
/// <param name="challenger">Its scores.</param>
/// <param name="challengerLoss">NaN where the row cannot be measured.</param>
/// <param name="champion">Its scores; empty where there is none to compare with.</param>
/// <param name="championLoss">NaN where the row cannot be measured, or there is no champion.</param>
internal readonly ref struct ScoredRow(
    double label, ReadOnlySpan<double> challenger, double challengerLoss, ReadOnlySpan<double> champion,
    double championLoss)
{
    public double Label { get; } = label;

    public ReadOnlySpan<double> Challenger { get; } = challenger;

    public double ChallengerLoss { get; } = challengerLoss;

    public ReadOnlySpan<double> Champion { get; } = champion;

    public double ChampionLoss { get; } = championLoss;
}
