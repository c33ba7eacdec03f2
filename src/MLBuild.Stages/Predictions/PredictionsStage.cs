using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Predictions;

/// <summary>Takes up one file of a prediction log, as a server wrote it: each is a partition, and is read once. What a
/// server writes later is a new file.</summary>
public static class PredictionsStage
{
    public const string Rows = "predictions.parquet";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows];

    /// <exception cref="TableException">The file is something else.</exception>
    public static void Run(StageRun run)
    {
        var rows = ServedRows.Read(run.Source.Path, Path.GetFileName(run.Source.Path)).LongCount();
        File.Copy(run.Source.Path, run.Output(Rows));
        run.Log($"{Figures.Count(rows, "served row")}.");
    }
}
