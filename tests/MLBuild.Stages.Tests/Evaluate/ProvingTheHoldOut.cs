using MLBuild.Learning.Gates;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>The rows that a model is judged by are not those that it was trained on, and its gate knows.</summary>
public sealed class ProvingTheHoldOut : IDisposable
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public ProvingTheHoldOut()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        _build = new(_space);
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task EveryKeyOfBothSidesIsDealtAgain()
    {
        await _build.Done("Evaluate");
        var result = HoldOut();
        var split = ReportFile.Read<SplitReport>(_space.Output("Split", SplitStage.Report));
        Assert.Equal((new Outcome.Pass(), 0.0, split.HoldOutRows), (result.Outcome, result.Value, result.Rows));
        Assert.Equal(
            FormattableString.Invariant(
                $"None of {split.HoldOutRows} held-out rows is one of {split.TrainRows:N0} training rows."),
            result.Sentence);
    }

    [Fact]
    public async Task ASplitByAnotherKeyThanTheModelsProvesNothing()
    {
        // Two rows that are one thing to the model may be on two sides.
        _build.Splits = (run, split) => SplitStage.Run<Sale>(run, sale => RowKey.Of($"{sale.Id}/{sale.Area}"), split);
        await _build.Done("Evaluate");
        Assert.Equal(new Outcome.Fail(FailReason.TrainedOnHoldOut), HoldOut().Outcome);
    }

    [Fact]
    public async Task AModelJudgedByItsTrainingRowsFails()
    {
        _build.Features = run =>
        {
            FeaturesStage.Run(run, Sales.Model);
            File.Copy(run.Output(FeaturesStage.Train), run.Output(FeaturesStage.HoldOut), overwrite: true);
        };
        await _build.Done("Evaluate");
        var result = HoldOut();
        Assert.Equal(new Outcome.Fail(FailReason.HoldOutNotProven), result.Outcome);
        Assert.StartsWith(
            "Nobody knows whether the model was trained on rows that it is judged by: the split counts ",
            result.Sentence);
    }

    private RuleResult HoldOut() => Assert.Single(
        ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report)).Gate.Results,
        result => result.Rule == RuleKind.UnseenHoldOut);
}
