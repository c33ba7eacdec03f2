using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers what is told of challenger and champion by the rows of one slice, as they stream by.</summary>
/// <param name="challenger">What is told of the one.</param>
/// <param name="champion">Null where there is none to compare with.</param>
internal sealed class SliceScores(TaskMetrics challenger, RivalScores? champion)
{
    public long Rows { get; private set; }

    public void Add(in ScoredRow row)
    {
        Rows++;
        challenger.Add(row.Label, row.Challenger, row.ChallengerLoss);
        champion?.Add(row, row.Champion, row.ChampionLoss);
    }

    public SliceReport Report(string name) =>
        new(name, challenger.ToMetrics(), champion?.Metrics, champion?.Difference) { Accuracy = champion?.Accuracy };

    public ClassFindings? Classes => challenger.Classes();
}
