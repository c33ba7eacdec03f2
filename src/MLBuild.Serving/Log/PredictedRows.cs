using MLBuild.Learning.Models;

namespace MLBuild.Serving.Log;

/// <summary>The rows of one request, with what they were predicted to be, on their way into the log.</summary>
/// <param name="Keys">As <c>RowKey</c> writes them.</param>
/// <param name="Features">Row after row.</param>
/// <param name="Scores">Row after row.</param>
internal sealed record PredictedRows(
    int Version, LearningTask Task, DateTime TimeUtc, string[] Keys, float[] Features, float[] Scores);
