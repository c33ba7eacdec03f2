using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>The first thing in which two models differ is named.</summary>
public sealed class ComparingModels
{
    [Theory]
    [InlineData(TrainerKind.LightGbm)]
    [InlineData(TrainerKind.FastTree)]
    [InlineData(TrainerKind.FastForest)]
    [InlineData(TrainerKind.Linear)]
    public void AModelIsAsItself(TrainerKind trainer) =>
        Assert.Null(ModelDifference.First(Model(trainer), Model(trainer)));

    [Theory]
    [InlineData(TrainerKind.LightGbm, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.FastForest, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.FastTree, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.Linear, @"^coefficient 1 of \d+ was \S+, now is \S+$")]
    public void OtherRowsTeachOtherThings(TrainerKind trainer, string difference) =>
        Assert.Matches(difference, ModelDifference.First(Model(trainer), Model(trainer, rows: 501)));

    [Fact]
    public void AShorterModelIsOtherByItsNumberOfTrees() => Assert.Equal("it had 20 trees, now has 10",
        ModelDifference.First(Model(TrainerKind.LightGbm), Model(TrainerKind.LightGbm, trees: 10)));

    [Fact]
    public void AnotherKindOfModelIsSaid() => Assert.Matches("^it was a LightGbm\\w+, now is a \\w*Linear\\w+$",
        ModelDifference.First(Model(TrainerKind.LightGbm), Model(TrainerKind.Linear)));

    [Theory]
    [InlineData(TrainerKind.LightGbm, LearningTaskKind.Binary, @"^tree \d of 5: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.FastTree, LearningTaskKind.Binary, @"^tree \d of 5: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.FastForest, LearningTaskKind.Binary, @"^tree \d of 5: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(TrainerKind.Linear, LearningTaskKind.Binary, @"^coefficient 1 of \d+ was \S+, now is \S+$")]
    [InlineData(TrainerKind.LightGbm, LearningTaskKind.Multiclass, @"^part 1 of 3: tree \d of 5: .+, now is .+$")]
    [InlineData(TrainerKind.FastTree, LearningTaskKind.Multiclass, @"^part 1 of 3: tree \d of 5: .+, now is .+$")]
    [InlineData(TrainerKind.FastForest, LearningTaskKind.Multiclass, @"^part 1 of 3: tree \d of 5: .+, now is .+$")]
    [InlineData(TrainerKind.Linear, LearningTaskKind.Multiclass, @"^coefficient 1 of \d+ was \S+, now is \S+$")]
    public void SoDoClassifiers(TrainerKind trainer, LearningTaskKind kind, string difference)
    {
        var (model, other) = (Classifier(trainer, kind, 500), Classifier(trainer, kind, 501));
        Assert.Null(ModelDifference.First(model, model));
        Assert.Matches(difference, ModelDifference.First(model, other));
    }

    [Fact]
    public void AnotherTaskIsSaid() => Assert.Equal(
        "it predicted regression, now predicts multiclass (low, right, up)",
        ModelDifference.First(
            Model(TrainerKind.LightGbm), Classifier(TrainerKind.LightGbm, LearningTaskKind.Multiclass, 500)));

    private static ScoringModel Classifier(TrainerKind trainer, LearningTaskKind kind, int rows) =>
        Load(ModelTraining.Train(SampleClasses.Of(kind, rows).Rows,
            new() { Trainer = trainer, Iterations = 5, Leaves = 8 }, SampleClasses.TaskOf(kind)));

    private static ScoringModel Model(TrainerKind trainer, int rows = 500, int trees = 20)
    {
        using var bytes = new MemoryStream(ModelTraining.Train(Trips(rows),
            new() { Trainer = trainer, Iterations = trees }).CanonicalModel.ToArray());
        return ScoringModel.Load(bytes);
    }
}
