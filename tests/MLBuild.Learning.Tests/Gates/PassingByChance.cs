using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>How often whole evaluations pass, from errors row by row to the outcome, in 1,000 invented ones: of models
/// that should, at the number of rows that the margin asks for, and of models that should not.</summary>
public sealed class PassingByChance
{
    private const int Evaluations = 1_000;
    private const double Margin = 0.05;

    // Two models of equal errors whose correlation is 0.9: squared errors correlate by 0.81, so that their difference
    // has the variance 2 · 2 · (1 - 0.81) = 0.76. At a distance of 0.05, (1.645 + 1.645)² · 0.76 / 0.05² = 3,290 rows
    // give the bound a chance of 95 %.
    private const int Rows = 3_290;

    /// <summary>Squared errors of challenger and champion. The champion's have the mean 1.</summary>
    private static (double Challenger, double Champion) Errors(SeededDraws draws, double challengersMean)
    {
        var common = Math.Sqrt(0.9) * draws.Normal();
        var champion = common + (Math.Sqrt(0.1) * draws.Normal());
        var challenger = Math.Sqrt(challengersMean) * (common + (Math.Sqrt(0.1) * draws.Normal()));
        return (challenger * challenger, champion * champion);
    }

    private static SliceEvidence Slice(SeededDraws draws, Slice slice, int rows, double challengersMean)
    {
        var (challenger, champion) = (0.0, 0.0);
        var difference = new PairedComparisonAccumulator();
        var baseline = new BaselineComparisonAccumulator();
        for (var i = 0; i < rows; i++)
        {
            var errors = Errors(draws, challengersMean);
            challenger += errors.Challenger / rows;
            champion += errors.Champion / rows;
            difference.Add(errors.Challenger, errors.Champion);
            baseline.Add(errors.Challenger, errors.Champion);
        }
        var paired = difference.ToComparison();
        return new(slice, rows,
        [
            new("loss", MetricValue.Of(challenger), MetricValue.Of(champion),
                new(paired.Count, paired.MeanDifference, paired.StandardError))
            {
                Baseline = baseline.ToComparison(),
            },
        ]);
    }

    /// <summary>How many of the evaluations pass.</summary>
    private static int Passed(GateRule rule, double challengersMean, int rows = Rows)
    {
        var draws = new SeededDraws(20190201);
        var gate = new Gate(NoChampion.Fails, [rule, new Threshold("loss", Learning.Gates.Slice.Overall, max: 100)]);
        return Enumerable.Range(0, Evaluations).Count(_ => gate.Judge(new(
            ChampionState.Serving, [Slice(draws, Learning.Gates.Slice.Overall, rows, challengersMean)])).Passed);
    }

    private static NonInferiority NotWorse(Slice slice) =>
        new("loss", slice, Learning.Gates.Margin.Relative(Margin));

    [Theory]
    [InlineData(1, 900, 1_000)] // equally good
    [InlineData(0.9, 995, 1_000)] // better
    [InlineData(1 + Margin, 0, 80)] // worse by the margin: one in twenty
    [InlineData(1 + (2 * Margin), 0, 9)] // worse by twice the margin
    public void NonInferiorityPassesWhoShould(double challengersMean, int fewest, int most) => Assert.InRange(
        Passed(NotWorse(Learning.Gates.Slice.Overall), challengersMean), fewest, most);

    [Fact]
    public void FewRowsMakeNoBadModelPass() => Assert.InRange(
        Passed(NotWorse(Learning.Gates.Slice.Overall), 1 + (2 * Margin), rows: 100), 0, 50);

    // The champion of these draws is the baseline: a model whose errors are its own has learned nothing.
    [Theory]
    [InlineData(0.8, 990, 1_000)] // 20 % less
    [InlineData(0.9, 0, 80)] // the 10 % that are demanded
    [InlineData(1, 0, 9)]
    [InlineData(1.2, 0, 0)]
    public void BaselineIsBeatenByWhoShould(double challengersMean, int fewest, int most) => Assert.InRange(
        Passed(new TrivialBaseline("loss", Learning.Gates.Slice.Overall, 0.1), challengersMean), fewest, most);

    [Fact]
    public void EquallyGoodModelPassesInEverySubgroupWhereBetterInEachAsPointsRarelyDoes()
    {
        Slice[] slices = [.. Enumerable.Range(0, 5).Select(i => Learning.Gates.Slice.Of("group", $"{i}"))];
        var gate = new Gate(NoChampion.Fails, [.. slices.Select(NotWorse)]);
        var draws = new SeededDraws(5);
        var (passed, asPoints) = (0, 0);
        for (var i = 0; i < Evaluations; i++)
        {
            // Each subgroup with the rows that decide it in 99 of 100 evaluations: (1.645 + 2.326)² · 0.76 / 0.05².
            var evidence = slices.Select(slice => Slice(draws, slice, 4_794, 1)).ToArray();
            if (gate.Judge(new(ChampionState.Serving, evidence)).Passed)
                passed++;
            if (evidence.All(slice => Number(slice.Metrics[0].Challenger) <= Number(slice.Metrics[0].Champion)))
                asPoints++;
        }
        Assert.InRange(passed, 900, 1_000);
        Assert.InRange(asPoints, 0, 60);
    }

    [Fact]
    public void ModelThatIsWorseInOneOfFiveSubgroupsDoesNotPass()
    {
        Slice[] slices = [.. Enumerable.Range(0, 5).Select(i => Learning.Gates.Slice.Of("group", $"{i}"))];
        var gate = new Gate(NoChampion.Fails, [.. slices.Select(NotWorse)]);
        var draws = new SeededDraws(6);
        var passed = Enumerable.Range(0, Evaluations).Count(_ => gate.Judge(new(
            ChampionState.Serving,
            [.. slices.Select((slice, i) => Slice(draws, slice, 1_000, i == 3 ? 1 + (2 * Margin) : 0.5))])).Passed);
        Assert.InRange(passed, 0, 9);
    }

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
