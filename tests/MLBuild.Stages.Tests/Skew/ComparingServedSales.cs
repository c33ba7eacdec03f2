using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Predictions;

namespace MLBuild.Stages.Tests.Skew;

/// <summary>What was served of a model is compared with rows computed as that model was trained to see them, also
/// when other rows were learned from since.</summary>
public sealed class ComparingServedSales : IAsyncLifetime
{
    private static readonly ModelDefinition<Sale> Fitted = Sales.Model with
    {
        Features = Sales.Features
            .Encoded("district_price", sale => sale.District, sale => sale.Price)
            .Frequency("district_share", sale => sale.District),
    };

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;
    private FeatureState _state = FeatureState.None;

    public ComparingServedSales() => _build = new(_space)
    {
        Features = run => FeaturesStage.Run(run, Fitted),
        Skew = run => SkewStage.Run(run, Fitted),
    };

    // Version 1 was trained on the first file; then the second came, and the features were fitted anew.
    public async Task InitializeAsync()
    {
        _space.Write("a.csv", Sales.Csv(1000, seed: 1));
        await _build.Done("Register");
        _build.Deploy(1);
        using (var state = File.OpenRead(_space.Output("Features", FeaturesStage.State)))
            _state = FeatureState.Read(state);
        _space.Write("b.csv", Sales.Csv(1000, seed: 2, firstId: 5000));
        await _build.Done("Features");
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task RowsThatCameAfterTrainingAreTheSame()
    {
        var rows = Rows().ToArray();
        Log(rows.Select(row => Row(1, row)));
        // Another version's, with other features.
        ServedFile.Write(Path.Combine(_build.PredictionLog, "other.parquet"), ["other"], [("ab", 2, [1])]);

        await _build.Done("Skew");

        var report = ReportFile.Read<SkewReport>(_space.Output("Skew", SkewStage.Report));
        Assert.Equal((1, SkewVerdict.Same, rows.Length, 0, 0, 1), (report.Version, report.Verdict, report.Joined,
            report.OnlyInTraining, report.Ambiguous, report.ServedByOthers));
    }

    [Fact]
    public async Task AValueThatWasServedOtherwiseIsFound()
    {
        Log(Rows().Select((row, i) => Row(1, i < 3 ? new() { Id = row.Id, District = "elsewhere" } : row)));

        Assert.StartsWith("Served features are not those of training: 5 of 5 features differ, in 3 of ",
            await Refusal());
    }

    [Fact]
    public async Task ALogOfOtherVersionsIsRefused()
    {
        Log(Rows().Take(7).Select(row => Row(2, row)));

        Assert.StartsWith("No row was served by version 1, so nothing was compared.",
            await Refusal());
    }

    [Fact]
    public async Task OtherCodeThanThatOfTheVersionIsRefused()
    {
        Log(Rows().Select(row => Row(1, row)));
        var other = Fitted with
        {
            Features = new FeatureSet<Sale>()
                .Numeric("area", sale => sale.Area + 1)
                .Numeric("rooms", sale => sale.Rooms)
                .Categorical("district_code", sale => sale.District.Length)
                .Encoded("district_price", sale => sale.District, sale => sale.Price)
                .Frequency("district_share", sale => sale.District),
        };
        _build.Skew = run => SkewStage.Run(run, other);

        Assert.Matches(
            "^Version 1, which serves, was trained with feature code [0-9a-f]+, and this build computes "
            + "features with [0-9a-f]+: .*[.] Compare in a checkout of its revision, or deploy a model that was "
            + "trained with this code[.]", await Refusal());
    }

    [Fact]
    public async Task WithoutAServingModelThereIsNothingToCompare()
    {
        Log([]);
        _build.Evaluate = _build.Evaluate with { Environment = "staging" };

        Assert.StartsWith("No model serves yet, so there is nothing to compare served features with. Deploy one "
            + "with ./build.sh Deploy --model-version N.", await Refusal());
    }

    private Task<string> Refusal() => _build.Failure("Skew");

    private IEnumerable<Sale> Rows() => ((string[])[SplitStage.Train, SplitStage.HoldOut])
        .SelectMany(side => RowTable.Read<Sale>(_space.Output("Split", side)).Select(row => row.Row));

    private void Log(IEnumerable<(string Key, int Version, float[] Features)> rows) => ServedFile.Write(
        Path.Combine(_build.PredictionLog, "served.parquet"), [.. Fitted.Features.Names], [.. rows]);

    private (string Key, int Version, float[] Features) Row(int version, Sale sale) =>
        ($"{Sales.Key(sale)}", version, Fitted.Features.Serve(_state, sale));
}
