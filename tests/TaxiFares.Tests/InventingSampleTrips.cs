using MLBuild.Engine.Running;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Validate;
using MLBuild.Store;

namespace TaxiFares.Tests;

/// <summary>The sample is the same everywhere, has every kind of dirt, and goes through the whole pipeline.</summary>
public sealed class InventingSampleTrips : IDisposable
{
    private readonly PipelineSpace _space = new();

    public InventingSampleTrips() => SampleTrips.Write(_space.Data);

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData("2019-01.csv", "98c743e908017e5fd612270a8dc7efcc2117cdb521809444e1913b8eafe93723")]
    [InlineData("2019-02.csv", "d6a3c16f4c52e2bb836f139987fbfa1c7c363429e0b455691be50438e3d8bcd6")]
    [InlineData("2019-03.csv", "003584da51249a1a16bda5c4924b9bf1edae3f55dfe85a5b99e64fff3fab4e22")]
    public void AMonthHasTheseBytesOnEveryMachine(string file, string hash) =>
        Assert.Equal(hash, ContentHash.Of(File.ReadAllBytes(Path.Combine(_space.Data, file))).Hex);

    [Fact]
    public void WritingAgainChangesNothing()
    {
        var before = Directory.GetFiles(_space.Data).Order().Select(file =>
            (file, ContentHash.Of(File.ReadAllBytes(file)))).ToArray();
        SampleTrips.Write(_space.Data);
        Assert.Equal(before,
            Directory.GetFiles(_space.Data).Order().Select(file => (file, ContentHash.Of(File.ReadAllBytes(file)))));
        Assert.Equal(["2019-01.csv", "2019-02.csv", "2019-03.csv"], before.Select(file => Path.GetFileName(file.file)));
    }

    [Fact]
    public void OneMonthHasTheLineEndsOfWindows() => Assert.Equal(
        [false, true, false],
        Directory.GetFiles(_space.Data).Order(StringComparer.Ordinal).Select(file =>
            File.ReadAllText(file).Contains("\r\n", StringComparison.Ordinal)));

    [Fact]
    public async Task TheSampleHasEveryKindOfDirtAndIsValid()
    {
        var build = new TaxiBuild(_space, _space.Data);
        await build.Done("Validate");
        var files = new[] { "2019-01", "2019-02", "2019-03" }
            .Select(month =>
                ReportFile.Read<IngestReport>(_space.Output($"Ingest/{month}", IngestStage.Report))).ToArray();
        Assert.All(files, file =>
        {
            Assert.InRange(file.RowsRead, 5_500, 5_501);
            Assert.InRange(file.Duplicates, 1, 20);
            Assert.InRange(file.RefundPairs, 1, 30);
            Assert.Equal(file.RowsRead, file.RowsKept + file.Quarantined + file.Duplicates + (2 * file.RefundPairs));
        });
        Assert.InRange(files.Sum(file => file.Quarantined), 1, 15);
        var setAside =
            _space.Text("Validate", ValidateStage.SetAside).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(
            ["negative total", "no distance", "pick-up outside the file's month", "trip over six hours"],
            setAside.Select(line => line.Split(',')[^1]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TheSampleGivesAModelThatPassesItsGateServesAndIsMonitored()
    {
        var build = new TaxiBuild(_space, _space.Data);
        await build.Done("Register");
        Assert.True(ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report)).Gate.Passed);
        Assert.Equal(
            "'production' now serves taxi-fare version 1",
            DeployCommand.Run(_space.Registry, _space.Workspace.Artifacts,
                new("taxi-fare", 1, "production", "ann", null)));
        await build.Done("Monitor");
        Assert.Equal("Monitor: fine: the rows look like those that version 1 was trained on", _space.Log[^1]);
    }

    [Fact]
    public async Task FilesWithoutAMonthInTheirNameNeedADay()
    {
        var other = Path.Combine(_space.Data, "other");
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(_space.Data, "2019-01.csv"), Path.Combine(other, "trips.v2.CSV"));
        var build = new TaxiBuild(_space, other);
        Assert.Equal(
            "When the data was drawn is unknown: no file name is a month like 2019-02.csv (there is 'trips.v2.CSV'). " +
            "Say it with --as-of 2019-03-01.",
            await build.Failure("Validate"));
        build.Validate = new() { AsOf = new(2019, 2, 2) };
        Assert.IsType<StageOutcome.Done>(await _space.Run(build.Pipeline, "Validate"));
    }

    [Fact]
    public async Task AFileNameThatOnlyBeginsWithAMonthIsNoMonth()
    {
        var other = Path.Combine(_space.Data, "other");
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(_space.Data, "2019-01.csv"), Path.Combine(other, "2019-01.v2.csv"));
        Assert.StartsWith(
            "When the data was drawn is unknown: no file name is a month like 2019-02.csv (there is '2019-01.v2.csv').",
            await new TaxiBuild(_space, other).Failure("Validate"));
    }

    [Fact]
    public async Task DataDrawnEarlierThanItsTripsBreaksTheContract()
    {
        var build = new TaxiBuild(_space, _space.Data) { Validate = new() { AsOf = new(2019, 3, 15) } };
        var message = await build.Failure("Validate");
        Assert.StartsWith("Data breaks its contract: 1 of ", message);
        Assert.Contains("\n  time after the data was drawn  ", message);
        Assert.Contains("\n      2019-03.csv line ", message);
    }
}
