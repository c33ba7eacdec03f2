using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>Pairs of the declared groups, and subgroups that nobody declared.</summary>
public sealed class MeasuringSubgroups : IDisposable
{
    private static readonly Grouping<Sale> Size = new("size", sale => sale.Area < 75 ? "small" : "large");

    private static readonly ModelDefinition<Sale> TwoGroups =
        Sales.Model with { Groups = [.. Sales.Model.Groups, Size] };

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public MeasuringSubgroups()
    {
        _space.Write("a.csv", Sales.Csv(3000, seed: 1));
        _build = new(_space);
        _build.Evaluate = _build.Evaluate with { MinPairRows = 150 };
        _build.Features = run => FeaturesStage.Run(run, TwoGroups);
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task EveryPairOfSubgroupsIsMeasured()
    {
        await _build.Done("Evaluate");
        var report = Report();
        // Those at the harbour have fewer than 30 rows.
        Assert.Equal(
            ["north and large", "north and small", "west and large", "west and small"],
            report.Pairs.Select(pair => pair.Slice.Replace("district=", "").Replace("size=", "")));
        Assert.All(report.Pairs, pair => Assert.InRange(pair.Metrics.Count, 150, 300));
        Assert.Equal(
            report.Slices.Single(slice => slice.Slice == "district=west").Metrics.Count,
            report.Pairs.Where(pair => pair.Slice.StartsWith("district=west", StringComparison.Ordinal))
                .Sum(pair => pair.Metrics.Count));
        Assert.Equal(4, report.Gate.Results.Count(result => result.Slice!.Contains(" and ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task APairWithTooFewRowsIsReportedAndNotJudged()
    {
        _build.Evaluate = _build.Evaluate with { MinPairRows = 1_000 };
        await _build.Done("Evaluate");
        Assert.Equal(4, Report().Pairs.Count);
        Assert.DoesNotContain(
            Report().Gate.Results, result => result.Slice!.Contains(" and ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASubgroupThatTheHoldOutHasLostFailsTheGate()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Groups = [new("known", sale => sale.District == "west" && !IsHeldOut(sale) ? "before" : "always")],
        });

        await _build.Done("Evaluate");

        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is Outcome.Fail);
        Assert.Equal(
            "known=before is missing: the evaluation has no such slice; it has overall, known=always.",
            failed.Sentence);
    }

    [Fact]
    public async Task AGroupOfNamesOfRowsIsRefused()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Groups = [new("sale", sale => Sales.Key(sale).ToString())],
        });

        Assert.Contains(
            "Group 'sale' has more than 1,000 subgroups among the training rows, expected a few that are looked at " +
            "apart. Group by something coarser.",
            await _build.Failure("Evaluate"));
    }

    [Fact]
    public async Task AModelThatIsWorseInOnePairOnlyFailsAndNamesIt()
    {
        await _build.Done("Register");
        _build.Deploy(1);
        // Small flats of the west: with large ones, the whole west is within its margin.
        _build.Features = run => FeaturesStage.Run(run, TwoGroups with
        {
            Label = sale =>
                sale.District == "west" && sale.Area < 75 && !IsHeldOut(sale) ? sale.Price + 14 : sale.Price,
        });
        _build.Evaluate = _build.Evaluate with { Margin = 10, BestEverMargin = 10, SliceMargin = 1.5 };
        await _build.Done("Evaluate");
        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is Outcome.Fail);
        Assert.Equal(
            ("district=west and size=small", new Outcome.Fail(FailReason.WorseThanChampion)),
            (failed.Slice, failed.Outcome));
    }

    [Fact]
    public async Task GroupsOfTooManyCombinationsAreNotPairedAndThatIsSaid()
    {
        // Each flat is a subgroup of its own there, or nearly.
        _space.Write("a.csv", Sales.Csv(8000, seed: 1));
        _build.Features = run => FeaturesStage.Run(run, TwoGroups with
        {
            Groups = [.. TwoGroups.Groups, new("flat", sale => $"{sale.Id % 900}")],
        });
        await _build.Done("Evaluate");
        var report = Report();
        Assert.Equal(["district x flat"], report.PairsNotMeasured.Take(1));
        Assert.Contains(report.Pairs, pair => pair.Slice == "district=west and size=small");
        Assert.DoesNotContain(report.Pairs, pair => pair.Slice.StartsWith("district=west and flat=",
            StringComparison.Ordinal));
        Assert.Contains(
            _space.Log, line => line.StartsWith(
                "Evaluate: pairs of subgroups were not measured, for there are more than 1000: district x flat",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheWeakestSubgroupThatNobodyDeclaredIsReported()
    {
        // Nobody declared rooms: flats of four rooms were taught wrong prices.
        _build.Features = run => FeaturesStage.Run(run, TwoGroups with
        {
            Label = sale => sale.Rooms == 4 && !IsHeldOut(sale) ? sale.Price + 40 : sale.Price,
        });
        _build.Evaluate = _build.Evaluate with { MaxRmse = 1000, MinR2 = -1, MinShareWithinTenPercent = 0 };
        await _build.Done("Evaluate");
        var found = Assert.IsType<SubgroupFindings.Tested>(Report().Subgroups);
        Assert.True(found.Searched > 5);
        Assert.Equal((1.0, 100), (found.Times, found.MinRows));
        Assert.StartsWith("rooms=", found.Worst[0].Subgroup);
        Assert.Contains("4]", found.Worst[0].Subgroup);
        Assert.True(found.Worst[0].PValue < 0.001);
        Assert.Contains(_space.Log, line => line.StartsWith(
            $"Evaluate: weakest of {found.Searched} undeclared subgroups: {found.Worst[0].Subgroup}, RMSE ",
            StringComparison.Ordinal));
        // Nobody asked for it to be judged.
        Assert.DoesNotContain(Report().Gate.Results, result => result.Rule == RuleKind.NoWeakSubgroup);
        Assert.True(Report().Gate.Passed);

        _build.Evaluate = _build.Evaluate with { MaxSubgroupExcess = 1 };
        await _build.Done("Evaluate");
        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is not Outcome.Pass);
        Assert.Equal(
            (RuleKind.NoWeakSubgroup, new Outcome.Fail(FailReason.WeakSubgroup)), (failed.Rule, failed.Outcome));
        Assert.Contains($"in {found.Worst[0].Subgroup} it is ", failed.Sentence);
        Assert.Equal(2, Assert.IsType<SubgroupFindings.Tested>(Report().Subgroups).Times);
    }

    [Fact]
    public async Task ASearchWithoutEnoughRowsIsSaid()
    {
        _build.Evaluate = _build.Evaluate with { MinSubgroupRows = 5_000 };
        await _build.Done("Evaluate");
        Assert.Contains(
            "Evaluate: undeclared subgroups were not searched: none has 5,000 rows inside and elsewhere", _space.Log);
        Assert.Equal(0, Assert.IsType<SubgroupFindings.Tested>(Report().Subgroups).Searched);
    }

    [Fact]
    public void LimitsOutOfRangeAreRefused() => Assert.Equal(
        "The gate cannot judge: MinPairRows is 29, expected at least 30; MinSubgroupRows is 29, expected at least 30; "
        + "MaxSubgroupExcess is NaN, expected a finite number from 0, or null.",
        Assert.Throws<ArgumentException>((_build.Evaluate with
        {
            MinPairRows = 29,
            MinSubgroupRows = 29,
            MaxSubgroupExcess = double.NaN,
        }).Validate).Message);

    private static bool IsHeldOut(Sale sale) => new KeySplit { HoldOutShare = 0.3 }.IsHeldOut(Sales.Key(sale));

    private EvaluateReport Report() => ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));
}
