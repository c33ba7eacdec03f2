using System.Globalization;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>A model beside the mean of the labels that it learned from.</summary>
public sealed class BeatingAConstant : IDisposable
{
    private static readonly KeySplit Rule = new() { HoldOutShare = 0.3 };

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public BeatingAConstant()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        _build = new(_space);
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task TheConstantIsTheMeanOfTheTrainingLabelsAndNotOfTheHeldOutOnes()
    {
        await _build.Done("Evaluate");
        var report = Report();
        var prices = Sales.Csv(2000, seed: 1).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..]
            .Select(line => line.Split(','))
            .ToLookup(
                sale => Rule.IsHeldOut(Sales.Key(new() { Id = int.Parse(sale[0], CultureInfo.InvariantCulture) })),
                sale => double.Parse(sale[5], CultureInfo.InvariantCulture));
        var (training, heldOut) = (prices[false].Average(), prices[true].Average());
        Assert.Equal(training, Number(Assert.Single(report.Baseline!.Constant)), 1e-9);
        Assert.Equal(training - heldOut, Number(report.Baseline.Metrics.Of("mean-error")), 1e-9);
        Assert.Equal(
            Math.Sqrt(prices[true].Average(price => Math.Pow(price - training, 2))),
            Number(report.Baseline.Metrics.Of("rmse")), 1e-9);
        Assert.Equal(report.Overall.Metrics.Count, report.Baseline.Metrics.Count);
    }

    [Fact]
    public async Task AGoodModelBeatsIt()
    {
        await _build.Done("Evaluate");
        var result = Assert.Single(Report().Gate.Results, result => result.Rule == RuleKind.TrivialBaseline);
        Assert.Equal(new Outcome.Pass(), result.Outcome);
        Assert.Equal(Number(Report().Baseline!.Metrics.Of("rmse")), Math.Sqrt(result.Limit!.Max!.Value / 0.9), 1e-9);
        Assert.Contains(_space.Log, line =>
            line.StartsWith("Evaluate: RMSE ", StringComparison.Ordinal)
            && line.EndsWith(" if every row is predicted as the mean of the training labels",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task AModelThatLearnedNothingFailsHoweverLowTheThresholds()
    {
        // Labels of the training rows that no feature tells.
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Label = sale => Rule.IsHeldOut(Sales.Key(sale)) ? sale.Price : 150 + (sale.Id * 7919 % 100),
        });
        _build.Evaluate = _build.Evaluate with { MaxRmse = 1000, MinR2 = -10, MinShareWithinTenPercent = 0 };
        await _build.Done("Evaluate");
        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is not Outcome.Pass);
        Assert.Equal(
            (RuleKind.TrivialBaseline, new Outcome.Fail(FailReason.BaselineNotBeaten)), (failed.Rule, failed.Outcome));
    }

    [Fact]
    public async Task TheShareIsAnOption()
    {
        _build.Evaluate = _build.Evaluate with { MinGainOverBaseline = 0.9999 };
        await _build.Done("Evaluate");
        Assert.Equal(new Outcome.Fail(FailReason.BaselineNotBeaten), Report().Gate.Overall);
        _build.Evaluate = _build.Evaluate with { MinGainOverBaseline = 0 };
        Assert.Equal(
            "The gate cannot judge: MinGainOverBaseline is 0, expected above 0 and below 1.",
            await _build.Failure("Evaluate"));
    }

    private EvaluateReport Report() => ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
