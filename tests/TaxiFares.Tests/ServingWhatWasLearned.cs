using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLBuild.Learning.Features;
using MLBuild.Serving;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace TaxiFares.Tests;

/// <summary>Trips that are asked for have the features that they had in training, bit for bit, and where they have not,
/// that is found.</summary>
public sealed class ServingWhatWasLearned : IAsyncLifetime
{
    private const int Asked = 400;

    private readonly PipelineSpace _space = new();
    private readonly TaxiBuild _build;

    public ServingWhatWasLearned() => _build = new(_space, _space.Data)
    {
        Train = new() { Iterations = 20, Leaves = 15 },
        PredictionLog = Path.Combine(_space.Data, "predictions"),
    };

    public async Task InitializeAsync()
    {
        _space.Write("nothing.txt", "");
        SampleTrips.Write(_space.Data);
        await _build.Done("Evaluate");
        // Its gate may not pass with so few trees; that is another test's.
        await _space.Run(_build.Pipeline, "Register");
        DeployCommand.Run(_space.Registry, _space.Workspace.Artifacts,
            new("taxi-fare", 1, "production", "ann", "to compare features"));
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task ServedTripsHaveTheFeaturesOfTraining()
    {
        await Serve(row => row);

        await _build.Done("Skew");

        var report = Report();
        Assert.Equal(SkewVerdict.Same, report.Verdict);
        Assert.Equal(2 * Asked, report.Joined + report.Ambiguous);
        Assert.True(report.Joined > 1.9 * Asked, $"{report.Joined} joined");
        Assert.Equal(0, report.OnlyInServing);
        Assert.Equal(0, report.ServedByOthers);
        Assert.StartsWith("Served features are those of training, bit for bit: 13 features of ",
            _space.Text("Skew", SkewStage.Text));
    }

    // Labels are of the trips that were learned from, and the server's clock says when they were quoted.
    [Fact]
    public async Task WhatAServerLoggedIsJudgedWithTheLabelsThatArrived()
    {
        await Serve(row => row);

        await _build.Done("MonitorServed");

        var window = Assert.Single(ReportFile.Read<MonitorReport>(
            _space.Output("MonitorServed", MonitorStage.Report)).Windows);
        Assert.Equal("2019-04", window.Window.Name);
        Assert.InRange(window.Rows, 1.9 * Asked, 2 * Asked);
        Assert.Equal(window.Rows, window.Performance.Labelled);
        Assert.Equal(2, window.Metrics.Count);
        Assert.Contains($"MonitorServed: {2 * Asked} served rows in the log, all of version 1", _space.Log);
    }

    [Fact]
    public async Task AColumnThatRequestsSendOtherwiseIsFound()
    {
        var changed = 0;
        await Serve(row =>
        {
            if (row["passenger_count"] is { } passengers && (int)passengers == 1 && changed < 7)
            {
                row["passenger_count"] = null;
                changed++;
            }
            return row;
        });

        var message = await _build.Failure("Skew");

        Assert.Matches(
            """
            Served features are not those of training: 1 of 13 features differ, in 7 of [0-9]+ joined rows\.
              [0-9,]+ only in training, 0 only in serving, [0-9]+ with an ambiguous key, 0 served by .* 1\.
              passengers  7 of [0-9]+ rows differ
                  [0-9a-f]{32}: training 1, served NaN
            """.ReplaceLineEndings("\n"), message);
        Assert.EndsWith(
            "\nLook at what requests send for the columns of these features, and at how the rows of the same keys " +
            "were ingested; the model's scores of such rows are not to be trusted.", message);
        var skewed = Assert.Single(
            ReportFile.Read<SkewReport>(Failed(SkewStage.Report)).Features, feature => feature.Mismatches > 0);
        Assert.Equal(("passengers", 7, 5), (skewed.Name, skewed.Mismatches, skewed.Examples.Count));
    }

    private SkewReport Report() => ReportFile.Read<SkewReport>(_space.Output("Skew", SkewStage.Report));

    private string Failed(string output) =>
        Path.Combine(_space.Workspace.StoreFolder, "failed", "Skew", "out", output);

    // Trips of both sides of the split, asked for as whoever quotes fares does.
    private async Task Serve(Func<JsonObject, JsonObject> change)
    {
        var options = new ServingOptions
        {
            Store = _space.Workspace.StoreFolder,
            Registry = _space.Place,
            Urls = ["http://127.0.0.1:0"],
            PredictionLog = new() { Folder = _build.PredictionLog },
        };
        await using var app = ModelServer.Build(
            options, TaxiModel.Definition, new ServedRow<TaxiTrip>(TaxiModel.KnownAtStart), PipelineSpace.Clock);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        foreach (var side in (string[])[SplitStage.Train, SplitStage.HoldOut])
        {
            var rows = RowTable.Read<TaxiTrip>(_space.Output("Split", side)).Take(Asked)
                .Select(row => change(Quote.Of(row.Row)));
            using var answer = await client.PostAsync("/predict", new StringContent(
                new JsonArray([.. rows]).ToJsonString(), Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
        }
        await app.StopAsync();
    }
}
