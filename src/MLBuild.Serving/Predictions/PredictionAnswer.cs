using System.Text.Json;
using MLBuild.Learning.Models;

namespace MLBuild.Serving.Predictions;

/// <summary>Writes the answer of <c>POST /predict</c>: which version answers, and an array of predictions in the order
/// of the rows, also when the request was a single row.</summary>
/// <remarks>Of a regression a prediction is the number; of a binary model the probability of <c>probabilityOf</c>, one
/// of its two <c>classes</c>; of a multiclass one <c>{"class": "b", "probabilities": {"a": 0.2, "b": 0.8}}</c>, where
/// of equal probabilities the first class is taken. Each number is as short as it reads back to the same
/// bits.</remarks>
internal static class PredictionAnswer
{
    public const string Version = "version";
    public const string Model = "model";
    public const string Classes = "classes";
    public const string ProbabilityOf = "probabilityOf";
    public const string Predictions = "predictions";
    public const string Class = "class";
    public const string Probabilities = "probabilities";

    public static void Write(Utf8JsonWriter json, Prediction prediction)
    {
        var task = prediction.Model.Model.Schema.Task;
        json.WriteStartObject();
        json.WriteNumber(Version, prediction.Model.Version);
        json.WriteString(Model, prediction.Model.Hash);
        if (task.Kind != LearningTaskKind.Regression)
            WriteClasses(json, task);
        json.WriteStartArray(Predictions);
        for (var i = 0; i < prediction.Rows; i++)
        {
            if (task.Kind == LearningTaskKind.Multiclass)
                WriteClass(json, task, prediction.Scores.Slice(i * task.ScoreCount, task.ScoreCount));
            else
                json.WriteNumberValue(prediction.Scores[i]);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteClasses(Utf8JsonWriter json, LearningTask task)
    {
        json.WriteStartArray(Classes);
        foreach (var name in task.Classes)
            json.WriteStringValue(name);
        json.WriteEndArray();
        if (task.Kind == LearningTaskKind.Binary)
            json.WriteString(ProbabilityOf, task.Classes[1]);
    }

    private static void WriteClass(Utf8JsonWriter json, LearningTask task, ReadOnlySpan<float> probabilities)
    {
        var likeliest = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[likeliest])
                likeliest = i;
        }
        json.WriteStartObject();
        json.WriteString(Class, task.Classes[likeliest]);
        json.WriteStartObject(Probabilities);
        for (var i = 0; i < probabilities.Length; i++)
            json.WriteNumber(task.Classes[i], probabilities[i]);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
