using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Train;

/// <summary>What training calls of native code comes in a package, which is in its recipe.</summary>
public sealed class TrackingNativeCode
{
    [Fact]
    public void LightGbmsPackageIsInTheRecipeAndNothingIsUndeclared()
    {
        var stage = new StageBuilder(new("Train")).Writes(TrainStage.Outputs)
            .Runs<TrainingOptions>(TrainStage.Run, () => new()).Build();
        var reading = ReachabilityFingerprint.OfThisProgram().Of(stage);
        Assert.Empty(reading.Findings);
        Assert.Single(reading.Entries, entry => entry is { Kind: RecipeKind.Package, Name: "LightGBM" });
    }
}
