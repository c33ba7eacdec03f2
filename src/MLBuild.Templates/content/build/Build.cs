using Starter_Project;

/// <summary>The standard pipeline, and what is particular to the rows of this repository.</summary>
[MLPipeline]
partial class Build : NukeBuild, IMonitorModel<Row>, IRetrainModel, ISweepModel, IReportModel, ILookBack
{
    public static int Main() => Execute<Build>(build => ((ITrainModel<Row>)build).Train);
    public ModelDefinition<Row> Model => RowModel.Definition;
    public RowKey KeyOf(Row row) => RowModel.KeyOf(row);
    public Contract<Row> Contract => RowModel.DataContract;
    public TrainingOptions UsualTraining => new() { Iterations = 100, LearningRate = 0.05, Leaves = 15 }; // few rows
    public ModelAbout About => new("starter-data", "Shows how a pipeline is made.", ["Its houses are invented."]);
#if (regression)
    public EvaluateOptions Demands => new() { Unit = "dollars", MaxRmse = 40_000, MinRows = 200 };
#else
    public EvaluateOptions Demands => new() { MaxLogLoss = 0.9, MinRows = 200 };
#endif
    public AbsolutePath Server => RootDirectory / "src" / "Starter-Project.Server";

    Target Test => _ => _
        .Description("Runs all tests")
        .Executes(() => ProcessTasks.StartProcess(
            "dotnet", "test Starter-Project.sln -c Release --nologo", RootDirectory).AssertZeroExitCode());
}
