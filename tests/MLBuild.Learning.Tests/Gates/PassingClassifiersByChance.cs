using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>How often whole evaluations of two classifiers pass, from probabilities row by row to the outcome, in 1,000
/// invented ones.</summary>
public sealed class PassingClassifiersByChance
{
    private const int Evaluations = 1_000;
    private const double Margin = 0.05;

    // How far a model's logits are from the true ones, of the standard normal distribution.
    private const double Noise = 0.6;

    private static LearningTask Task => LearningTask.Binary("no", "yes");

    private static (double Challenger, double Champion) Losses(SeededDraws draws, double challengersNoise)
    {
        var loss = RowLoss.Of(LearningTaskKind.Binary);
        var logit = 1.5 * draws.Normal();
        var label = draws.Uniform() < Probability(logit) ? 1.0 : 0;
        return (
            loss.Of(label, [(float)Probability(logit + (challengersNoise * draws.Normal()))]),
            loss.Of(label, [(float)Probability(logit + (Noise * draws.Normal()))]));

        static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
    }

    /// <summary>The mean losses, and the variance of their differences, of very many rows.</summary>
    private static (double Challenger, double Champion, double Variance) Truth(double challengersNoise)
    {
        var (draws, difference) = (new SeededDraws(11), new PairedComparisonAccumulator());
        var (challenger, champion) = (0.0, 0.0);
        const int rows = 200_000;
        for (var i = 0; i < rows; i++)
        {
            var losses = Losses(draws, challengersNoise);
            (challenger, champion) = (challenger + (losses.Challenger / rows), champion + (losses.Champion / rows));
            difference.Add(losses.Challenger, losses.Champion);
        }
        return (challenger, champion, Math.Pow(Number(difference.ToComparison().StandardError), 2) * rows);
    }

    private static int Passed(double challengersNoise, int rows)
    {
        var draws = new SeededDraws(20190201);
        var gate = new Gate(NoChampion.Fails,
        [
            new NonInferiority("log loss", Slice.Overall, Learning.Gates.Margin.Relative(Margin)),
            new Threshold("log loss", Slice.Overall, max: 100),
        ]);
        return Enumerable.Range(0, Evaluations).Count(_ => gate.Judge(Evidence()).Passed);

        GateEvidence Evidence()
        {
            var (challenger, champion) = (
                TaskMetrics.Of(Task, MetricDepth.Loss), TaskMetrics.Of(Task, MetricDepth.Loss));
            var difference = new PairedComparisonAccumulator();
            for (var i = 0; i < rows; i++)
            {
                var losses = Losses(draws, challengersNoise);
                challenger.Add(0, [], losses.Challenger);
                champion.Add(0, [], losses.Champion);
                difference.Add(losses.Challenger, losses.Champion);
            }
            var paired = difference.ToComparison();
            return Gates.Evaluations.With(ChampionState.Serving, rows, new MetricEvidence(
                "log loss", challenger.ToMetrics().Loss, champion.ToMetrics().Loss,
                new(paired.Count, paired.MeanDifference, paired.StandardError)));
        }
    }

    // At a distance of the margin, (1.645 + 1.645)² · variance / distance² rows give the bound a chance of 95 %.
    private static int Rows()
    {
        var truth = Truth(Noise);
        Assert.Equal(1, truth.Challenger / truth.Champion, 0.01);
        return (int)Math.Ceiling(3.29 * 3.29 * truth.Variance / Math.Pow(Margin * truth.Champion, 2));
    }

    [Fact]
    public void TwoThatAreEquallyGoodPass() => Assert.InRange(Passed(Noise, Rows()), 900, 1_000);

    [Fact]
    public void OneThatIsWorseByTwiceTheMarginDoesNot()
    {
        const double noise = 1.03;
        var truth = Truth(noise);
        Assert.Equal(1 + (2 * Margin), truth.Challenger / truth.Champion, 0.01);
        Assert.InRange(Passed(noise, Rows()), 0, 9);
    }

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
