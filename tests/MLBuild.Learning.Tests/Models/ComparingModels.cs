using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>The first thing in which two models differ is named.</summary>
public sealed class ComparingModels
{
    [Theory]
    [InlineData(RegressionTrainerKind.LightGbm)]
    [InlineData(RegressionTrainerKind.FastTree)]
    [InlineData(RegressionTrainerKind.FastForest)]
    [InlineData(RegressionTrainerKind.Linear)]
    public void AModelIsAsItself(RegressionTrainerKind trainer) =>
        Assert.Null(ModelDifference.First(Model(trainer), Model(trainer)));

    [Theory]
    [InlineData(RegressionTrainerKind.LightGbm, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(RegressionTrainerKind.FastForest, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(RegressionTrainerKind.FastTree, @"^tree 1 of 20: (split|leaf) \d+ was .+, now is .+$")]
    [InlineData(RegressionTrainerKind.Linear, @"^coefficient 1 of \d+ was \S+, now is \S+$")]
    public void OtherRowsTeachOtherThings(RegressionTrainerKind trainer, string difference) =>
        Assert.Matches(difference, ModelDifference.First(Model(trainer), Model(trainer, rows: 501)));

    [Fact]
    public void AShorterModelIsOtherByItsNumberOfTrees() => Assert.Equal("it had 20 trees, now has 10",
        ModelDifference.First(Model(RegressionTrainerKind.LightGbm), Model(RegressionTrainerKind.LightGbm, trees: 10)));

    [Fact]
    public void AnotherKindOfModelIsSaid() => Assert.Matches("^it was a LightGbm\\w+, now is a \\w*Linear\\w+$",
        ModelDifference.First(Model(RegressionTrainerKind.LightGbm), Model(RegressionTrainerKind.Linear)));

    private static RegressionModel Model(RegressionTrainerKind trainer, int rows = 500, int trees = 20)
    {
        using var bytes = new MemoryStream(RegressionTraining.Train(Trips(rows),
            new() { Trainer = trainer, Iterations = trees }).CanonicalModel.ToArray());
        return RegressionModel.Load(bytes);
    }
}
