using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>The evaluation for a person: intervals, plots and what the model needs.</summary>
public sealed partial class ShowingEvaluations : IDisposable
{
    private const string Hostile = "<script>alert('x')</script>\"&";

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public ShowingEvaluations()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        _build = new(_space);
        _build.Evaluate = _build.Evaluate with { Unit = "euros" };
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task APageShowsVerdictRulesPlotsSubgroupsAndImportance()
    {
        await _build.Done("Evaluate");
        var page = Page();
        Assert.Contains("<h1>The model passes its gate</h1>", page);
        Assert.Contains("<b class=\"good\">✓ pass</b>", page);
        Assert.Contains("RMSE, euros", page);
        string[] plots = ["Predicted against actual", "Calibration", "Errors", "Errors against predictions"];
        foreach (var title in plots)
            Assert.Contains($"<h3>{title}</h3>\n<svg class=\"plot\"", page);
        Assert.Equal(4, PlotLabel().Count(page));
        Assert.Contains("<td>district=harbour</td>", page);
        Assert.Contains("rules about subgroups, all passed</summary>", page);
        Assert.Contains("<h2>What the model needs</h2>", page);
        Assert.DoesNotContain("the champion</h2>", page);
        Assert.Equal("all rows", FirstSlice().Match(page).Groups[1].Value);
    }

    [Fact]
    public async Task APageShowsTheChallengerAgainstTheChampion()
    {
        await _build.Done("Register");
        _build.Deploy(1);
        _build.Train = _build.Train with { Iterations = 8 };
        await _build.Done("Evaluate");
        var page = Page();
        Assert.Contains("<h1>The model fails its gate</h1>", page);
        Assert.Contains("<b class=\"bad\">✗ fail</b>", page);
        Assert.Contains("<h2>Challenger against v1, the champion</h2>", page);
        var comparison = page.Split("the champion</h2>")[1].Split("</section>")[0];
        Assert.Contains("▲ worse", comparison);
        // A dozen rows prove nothing.
        Assert.DoesNotContain("district=harbour", comparison);
        Assert.Contains("class=\"champion\"", page);
    }

    [Fact]
    public async Task ThePageIsWellFormedAndNeedsNothingElse()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Groups = [new(Hostile, sale => $"{Hostile}{sale.District}")],
        });
        await _build.Done("Register");
        _build.Deploy(1);
        await _build.Done("Evaluate");
        var page = Page();
        Assert.DoesNotContain("<script", page);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain("http", page);
        Assert.DoesNotContain("src=", page);
        Assert.DoesNotContain("url(", page);
        Assert.DoesNotContain("NaN", page);
        XDocument.Parse(OpenElement().Replace(page.Replace("<!doctype html>", ""), "$0</$1>"));
        Assert.InRange(page.Length, 10_000, 150_000);
    }

    [Fact]
    public async Task RowsWithoutLabelsLeaveAPageThatSaysSo()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Label = sale => new KeySplit { HoldOutShare = 0.3 }.IsHeldOut(Sales.Key(sale))
                ? double.NaN
                : sale.Price,
        });
        await _build.Done("Evaluate");
        Assert.Contains("<h1>The model fails its gate</h1>", Page());
        Assert.Contains("<dd>missing</dd><dt>RMSE, euros", Page());
        Assert.DoesNotContain("<svg class=\"plot\"", Page());
    }

    [Fact]
    public async Task ErrorsHaveIntervalsByTheirNumberOfRows()
    {
        _space.Write("b.csv", Sales.Csv(8000, seed: 2, firstId: 5000));
        await _build.Done("Evaluate");
        var report = Report();
        Assert.Equal("euros", report.Unit);
        Assert.True(report.Overall.Metrics.Count > RegressionAccumulator.MostBootstrapped);
        Assert.Equal(IntervalMethod.Normal, report.Overall.Metrics.Headline.Interval!.Method);
        var harbour = report.Slices.Single(slice => slice.Slice == "district=harbour");
        Assert.Equal(IntervalMethod.Bootstrap, harbour.Metrics.Headline.Interval!.Method);
        Assert.All([report.Overall, .. report.Slices], slice =>
            Assert.All(slice.Metrics.All, metric =>
                Between(metric.Interval!, metric.Value)));
        Assert.True(Width(harbour.Metrics.Headline.Interval) > Width(report.Overall.Metrics.Headline.Interval));
    }

    [Fact]
    public async Task AnotherSeedDrawsOtherResamplesAndPermutationsAndNothingElse()
    {
        await _build.Done("Evaluate");
        var (first, page) = (Report(), Page());
        _build.Evaluate = _build.Evaluate with { Seed = 2 };
        await _build.Done("Evaluate");
        var second = Report();
        Assert.NotEqual(first.Overall.Metrics.Headline.Interval, second.Overall.Metrics.Headline.Interval);
        Assert.NotEqual(Rises(first), Rises(second));
        Assert.Equal(
            first.Overall.Metrics.Summary.Select(metric => metric.Value),
            second.Overall.Metrics.Summary.Select(metric => metric.Value));
        _build.Evaluate = _build.Evaluate with { Seed = 1, MinRows = 201 };
        await _build.Done("Evaluate");
        Assert.Equal(Rises(first), Rises(Report()));
        Assert.Equal(page, Page().Replace("at least 201", "at least 200"));
    }

    [Fact]
    public async Task WhatTellsThePriceIsImportant()
    {
        await _build.Done("Evaluate");
        var importance = Report().Importance!;
        Assert.Equal("area", importance.Features[0].Name);
        Assert.Equal(3, importance.Features.Count);
        Assert.Equal(Report().Overall.Metrics.Count, importance.Rows);
        _build.Evaluate = _build.Evaluate with { SampleRows = 100 };
        await _build.Done("Evaluate");
        Assert.Equal(100, Report().Importance!.Rows);
    }

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;

    private static double Width(MetricInterval interval) => Number(interval.High) - Number(interval.Low);

    private static void Between(MetricInterval interval, MetricValue value) =>
        Assert.InRange(Number(value), Number(interval.Low), Number(interval.High));

    private static MetricValue[] Rises(EvaluateReport report) =>
        [.. report.Importance!.Features.Select(feature => feature.Rise)];

    private EvaluateReport Report() => ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));

    private string Page() => _space.Text("Evaluate", EvaluateStage.Page);

    [GeneratedRegex("role=\"img\" aria-label=\"[^\"]{40,}\"")]
    private static partial Regex PlotLabel();

    [GeneratedRegex("</th></tr></thead>\\n<tbody>\\n<tr><td><b>([^<]+)</b>")]
    private static partial Regex FirstSlice();

    // HTML whose elements are all closed is XML but for its doctype and the elements that are never closed.
    [GeneratedRegex("<(meta|br)[^>]*>")]
    private static partial Regex OpenElement();
}
