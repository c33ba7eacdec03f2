using MLBuild.Components;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Nuke;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using StarterIdentifier;

/// <summary>The standard pipeline over this repository's rows. A stage that is not as the others' is declared here
/// anew.</summary>
[MLPipeline]
class Build : NukeBuild, ITrainModel<Row>, IDeployModel
{
    public static int Main() => Execute<Build>(build => ((ITrainModel<Row>)build).Train);

    public ModelDefinition<Row> Model => RowModel.Definition;

    public Contract<Row> Contract => RowModel.DataContract;

    public ModelAbout About => new(Model.Name, "Shows how a pipeline is made.", ["Its houses are invented."]);

#if (regression)
    public EvaluateOptions Demands => new() { Unit = "dollars", MaxRmse = 40_000, MinRows = 200 };
#else
    public EvaluateOptions Demands => new() { MaxLogLoss = 0.9, MinRows = 200 };
#endif

    public AbsolutePath Server => RootDirectory / "src" / "StarterProject.Server";

    Target Test => _ => _
        .Description("Runs all tests")
        .Executes(() => ProcessTasks.StartProcess("dotnet", "test StarterProject.sln -c Release --nologo",
            RootDirectory).AssertZeroExitCode());
}
