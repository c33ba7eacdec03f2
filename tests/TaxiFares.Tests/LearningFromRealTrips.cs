using MLBuild.Learning.Metrics;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Tables;
using MLBuild.Stages.Validate;

namespace TaxiFares.Tests;

/// <summary>The published months of 2018 to 2020, where they are beside the repository.</summary>
public sealed class LearningFromRealTrips : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    // The counts are those of a program of its own in another language that follows the same rules.
    [YellowTaxiFact]
    public async Task ThirtyMonthsKeepTheContract()
    {
        var data = Path.GetDirectoryName(YellowTaxi.Months![0])!;
        await new TaxiBuild(_space, data).Done("Validate");
        var files = YellowTaxi.Months.Select(month => ReportFile.Read<IngestReport>(
            _space.Output($"Ingest/{Path.GetFileNameWithoutExtension(month)}", IngestStage.Report))).ToArray();
        Assert.Equal(30, files.Length);
        Assert.Equal(
            (300_000, 0, 12, 5, 299_978),
            (files.Sum(file => file.RowsRead), files.Sum(file => file.Quarantined), files.Sum(file => file.Duplicates),
                files.Sum(file => file.RefundPairs), files.Sum(file => file.RowsKept)));
        Assert.Equal(295_713, RowTable.Read<TaxiTrip>(_space.Output("Validate", ValidateStage.Rows)).RowCount);
    }

    [YellowTaxiFact]
    public async Task TheDefaultModelIsThisGood()
    {
        var data = Path.GetDirectoryName(YellowTaxi.Months![0])!;
        await new TaxiBuild(_space, data).Done("Evaluate");
        var report = ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));
        Assert.True(report.Gate.Passed);
        var rmse = Assert.IsType<MetricValue.Value>(report.Overall.Metrics.Of("rmse")).Number;
        Assert.True(rmse is > 1 and <= 2.56, $"RMSE is {rmse}");
    }
}
