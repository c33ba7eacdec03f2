using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Features;

/// <summary>Feature tables hold what the feature set computes, and the profile what training rows look like.</summary>
public sealed class ComputingFeatureTables : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();

    public async Task InitializeAsync()
    {
        _space.Write("a.csv", Sales.Csv(1000, seed: 1));
        await new SaleBuild(_space).Done("Features");
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(SplitStage.Train, FeaturesStage.Train)]
    [InlineData(SplitStage.HoldOut, FeaturesStage.HoldOut)]
    public void ATableHasTheFeaturesLabelKeyAndGroupsOfEachRowInOrder(string from, string to)
    {
        var expected = RowTable.Read<Sale>(_space.Output("Split", from)).Select(row =>
        {
            var features = Sales.Features.Serve(FeatureState.None, row.Row);
            return (string.Join(' ', features), row.Row.Price, Sales.Key(row.Row).ToString(), row.Row.District);
        });
        var table = FeatureTableReader.Open(_space.Output("Features", to));
        Assert.Equal(["area", "rooms", "district_code"], table.Features);
        Assert.Equal(["district"], table.Groups.Select(name => name));
        Assert.Equal(expected, table.Read().SelectMany(batch => Enumerable.Range(0, batch.Count).Select(i => (
            string.Join(' ', batch.Values[(i * 3)..((i * 3) + 3)]), batch.Labels[i], batch.Keys[i],
                batch.Groups[0][i]))));
    }

    [Fact]
    public void AbsentValuesAreNotZero()
    {
        var rooms = FeatureTableReader.Open(_space.Output("Features", FeaturesStage.Train)).Read()
            .SelectMany(batch => Enumerable.Range(0, batch.Count).Select(i => batch.Values[(i * 3) + 1])).ToArray();
        Assert.Contains(rooms, float.IsNaN);
        Assert.DoesNotContain(0, rooms);
    }

    [Fact]
    public void TheSchemaReadsBack() =>
        Assert.Equal(Sales.Features.Schema, FeatureSchema.FromJson(_space.Text("Features", FeaturesStage.Schema)));

    [Fact]
    public void TheProfileIsOfTheTrainingRowsAndReadsBack()
    {
        var profile = ReportFile.Read<ModelProfile>(_space.Output("Features", FeaturesStage.Profile));
        var rows = RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train)).Select(row => row.Row).ToArray();
        Assert.Equal(["area", "rooms", "district_code"], profile.Features.Select(feature => feature.Name));
        Assert.All(profile.Features, feature => Assert.Equal(rows.Length, feature.RowCount));
        Assert.Equal([0, rows.Count(row => row.Rooms is null), 0],
            profile.Features.Select(feature => feature.NullCount));
        // The lengths of their names, the most frequent first.
        Assert.Equal(["5", "4", "7"],
            (IEnumerable<string>)[.. Assert.IsType<CategoricalProfile>(profile.Features[2]).Categories]);

        var again = Path.Combine(_space.Data, "again.json");
        ReportFile.Write(again, profile);
        Assert.Equal(_space.Bytes("Features", FeaturesStage.Profile), File.ReadAllBytes(again));
    }

    [Fact]
    public void ATableOfOtherFeaturesIsNoSource()
    {
        var table = FeatureTableReader.Open(_space.Output("Features", FeaturesStage.Train));
        var error = Assert.Throws<FeatureSchemaException>(() =>
            new FeatureTableSource(table, new FeatureSet<Sale>().Numeric("rooms", sale => sale.Rooms).Schema));
        Assert.Equal("The table has the features area, rooms, district_code; its schema says rooms.", error.Message);
    }
}
