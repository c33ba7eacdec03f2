using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Train;

/// <summary>A program trains; its model is evaluated as any other is.</summary>
public sealed class TrainingOutside : IDisposable
{
    // What a real trainer saves, for one tree: 150 up to 75 square metres, 260 above.
    private const string Stump =
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=2\n"
        + "objective=regression\nfeature_names=area rooms district_code\n"
        + "feature_infos=[30:120] [1:6] [4:7]\ntree_sizes=300\n\n"
        + "Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nsplit_gain=1\nthreshold=75\ndecision_type=2\n"
        + "left_child=-1\nright_child=-2\nleaf_value=150 260\nleaf_weight=1 1\nleaf_count=1 1\ninternal_value=0\n"
        + "internal_weight=0\ninternal_count=2\nis_linear=0\nshrinkage=1\n\n\nend of trees\n\n"
        + "parameters:\n[boosting: gbdt]\n[learning_rate: 0.1]\n[categorical_feature: ]\nend of parameters\n";

    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [UnixFact]
    public async Task ACommandsModelIsRecordedEvaluatedAndScores()
    {
        _space.Write("a.csv", Sales.Csv(1_500, seed: 1));
        var pipeline = WithProgram(Stump);
        await _space.Done(pipeline, "Evaluate");
        using var file = File.OpenRead(_space.Output("Train", TrainStage.Model));
        var model = ScoringModel.Load(file);
        Assert.Equal("LightGbm", model.Schema.Trainer);
        Assert.Equal([150, 150, 260], new[] { 40f, 75f, 76f }.Select(area => model.Score([area, 3, 4])));
        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        Assert.Equal("0.1", report.OwnOptions!["learning_rate"]);
        Assert.Equal(report.Split!.TrainRows, report.Rows);
        Assert.True(File.Exists(_space.Output("Evaluate", EvaluateStage.Report)));
    }

    [Theory]
    [InlineData("tree\n", "forest\n",
        "The text is not a whole model of LightGBM, which begins with 'tree' and says its parameters at the end. "
        + "Save it with LightGBM's save_model.")]
    [InlineData("end of parameters\n", "",
        "The text is not a whole model of LightGBM, which begins with 'tree' and says its parameters at the end. "
        + "Save it with LightGBM's save_model.")]
    [InlineData("objective=regression", "objective=poisson",
        "The model's objective is 'poisson', expected one whose trees add up to the prediction: regression, "
        + "regression_l1, huber, fair, quantile, mape.")]
    [InlineData("objective=regression", "objective=regression sqrt",
        "The model's objective is 'regression sqrt', expected one whose trees add up to the prediction: regression, "
        + "regression_l1, huber, fair, quantile, mape.")]
    [InlineData("area rooms", "rooms area",
        "The model takes the features rooms, area, district_code; here they are area, rooms, district_code. Train it "
        + "with all of them, in this order.")]
    [InlineData("num_cat=0", "num_cat=1",
        "The model splits by categories, which ML.NET reads otherwise. Train it with numbers only.")]
    [InlineData("objective=regression", "average_output\nobjective=regression",
        "The model is the mean of its trees, which ML.NET would add up. Train it with boosting 'gbdt' or 'dart'.")]
    [InlineData("is_linear=0", "is_linear=1",
        "The model's leaves are linear functions, which ML.NET reads as constants. Train it without linear_tree.")]
    [InlineData("decision_type=2", "decision_type=6",
        "The model takes zeros for absent values, and ML.NET does not. Train it without zero_as_missing.")]
    [InlineData("feature_names=", "names=",
        "The model does not say its feature_names. Save it with LightGBM's save_model.")]
    [InlineData("threshold=75\n", "",
        "The text is not a whole model of LightGBM: The given key 'threshold' was not present in the dictionary.")]
    public void WhatWouldScoreOtherwiseIsRefused(string part, string instead, string expected)
    {
        var text = Stump.Replace(part, instead, StringComparison.Ordinal);
        var error = Assert.Throws<ForeignModelException>(
            () => LightGbmText.ToCanonicalModel(System.Text.Encoding.UTF8.GetBytes(text), Sales.Features.Schema));
        Assert.Equal(expected, error.Message);
    }

    [Theory]
    // What an absent value is, and where it goes: 2 is none and left, 8 is NaN and right, 10 is NaN and left.
    [InlineData("75", 2, float.NaN, 150)]
    [InlineData("-75", 2, float.NaN, 260)]
    [InlineData("75", 8, float.NaN, 260)]
    [InlineData("0", 10, float.NaN, 150)]
    [InlineData("0", 8, float.NaN, 260)]
    [InlineData("inf", 8, float.NaN, 260)]
    [InlineData("inf", 8, float.MaxValue, 150)]
    [InlineData("1e300", 10, float.NaN, 150)]
    [InlineData("16777216", 8, float.NaN, 260)]
    [InlineData("16777216", 8, 16777216f, 150)]
    [InlineData("16777216", 8, 16777218f, 260)]
    // Halfway between two numbers, of which ML.NET would take the larger one.
    [InlineData("1.000000178813934326171875", 2, 1.0000001f, 150)]
    [InlineData("1.000000178813934326171875", 2, 1.0000002f, 260)]
    public void RowsGoWhereLightGbmSendsThem(string threshold, int decision, float area, float expected)
    {
        var text = Stump.Replace("threshold=75", $"threshold={threshold}", StringComparison.Ordinal)
            .Replace("decision_type=2", $"decision_type={decision}", StringComparison.Ordinal);
        var bytes = LightGbmText.ToCanonicalModel(System.Text.Encoding.UTF8.GetBytes(text), Sales.Features.Schema);
        Assert.Equal(expected, ScoringModel.Load(new MemoryStream(bytes)).Score([area, 3, 4]));
    }

    [Theory]
    [InlineData("binary", "binary sigmoid:2", "sigmoid: 2",
        "The model's objective is 'binary sigmoid:2', expected 'binary sigmoid:1'.")]
    [InlineData("binary", "regression", "sigmoid: 1",
        "The model's objective is 'regression', expected 'binary sigmoid:1'.")]
    [InlineData("binary", "binary sigmoid:1", "sigmoid: 0.5",
        "The model's parameters do not say '[sigmoid: 1]', as those of its objective do. Save it with LightGBM's "
        + "save_model.")]
    [InlineData("multiclass", "multiclass num_class:4", "sigmoid: 1",
        "The model's objective is 'multiclass num_class:4', expected 'multiclass num_class:3'.")]
    [InlineData("multiclass", "multiclassova num_class:3 sigmoid:1", "sigmoid: 1",
        "The model's objective is 'multiclassova num_class:3 sigmoid:1', expected 'multiclass num_class:3': the "
        + "probabilities of multiclassova do not add up to 1, and ML.NET would make them.")]
    public void AnotherTaskOrFunctionIsRefused(string kind, string objective, string parameter, string expected)
    {
        var task = kind == "binary" ? LearningTask.Binary("cheap", "dear") : LearningTask.Multiclass("a", "b", "c");
        var text = Stump.Replace("objective=regression", $"objective={objective}", StringComparison.Ordinal)
            .Replace("[boosting", $"[{parameter}]\n[boosting", StringComparison.Ordinal);
        Assert.Equal(expected, Assert.Throws<ForeignModelException>(() => LightGbmText.ToCanonicalModel(
            System.Text.Encoding.UTF8.GetBytes(text), Sales.Features.Schema, task)).Message);
    }

    [Fact]
    public void OfTwoClassesItGivesTheProbability()
    {
        var text = Stump.Replace("objective=regression", "objective=binary sigmoid:1", StringComparison.Ordinal)
            .Replace("leaf_value=150 260", "leaf_value=-1 2", StringComparison.Ordinal)
            .Replace("[boosting", "[sigmoid: 1]\n[boosting", StringComparison.Ordinal);
        var bytes = LightGbmText.ToCanonicalModel(
            System.Text.Encoding.UTF8.GetBytes(text), Sales.Features.Schema, LearningTask.Binary("cheap", "dear"));
        Assert.Equal(1 / (1 + Math.Exp(-2)), ScoringModel.Load(new MemoryStream(bytes)).Score([100, 3, 4]), 1e-6);
    }

    [Fact]
    public void AModelWithoutNamesTakesFeaturesInTheirOrder()
    {
        var text = Stump.Replace("area rooms district_code", "Column_0 Column_1 Column_2", StringComparison.Ordinal);
        var bytes = LightGbmText.ToCanonicalModel(System.Text.Encoding.UTF8.GetBytes(text), Sales.Features.Schema);
        Assert.Equal(260, ScoringModel.Load(new MemoryStream(bytes)).Score([100, float.NaN, 4]));
    }

    // The program is a shell that prints: what matters here is who reads what it writes.
    private Pipeline WithProgram(string model)
    {
        var stages = new SaleBuild(_space).Pipeline.Stages.Where(stage => stage.Name.ToString() != "Train");
        return new(
        [
            .. stages,
            new StageBuilder(new("Outside")).Reads(new("Features"), FeaturesStage.Train)
                .Writes(TrainStage.LightGbmModel)
                .RunsCommand("sh", "-c", "test -s \"$1\" && printf '%s' \"$2\" > \"$3\"", "train",
                    $"{{in:{FeaturesStage.Train}}}", model, $"{{out:{TrainStage.LightGbmModel}}}").Build(),
            new StageBuilder(new("Train")).Reads(new("Outside"), TrainStage.LightGbmModel)
                .Reads(new("Features"), FeaturesStage.Train, FeaturesStage.Schema)
                .Reads(new("Split"), SplitStage.Report)
                .Writes(TrainStage.Outputs).Runs(TrainStage.RunOnText).Build(),
        ]);
    }
}
