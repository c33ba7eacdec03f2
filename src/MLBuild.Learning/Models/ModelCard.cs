using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>What ML.NET does not keep in a saved model and whoever scores with it has to know: stored in the same zip,
/// so that it cannot be parted from the model.</summary>
/// <param name="Trainer">A <see cref="TrainerKind"/>, or the name of a team's own trainer.</param>
internal sealed record ModelCard(string Trainer, FeatureSchema Features, LearningTask Task)
{
    public const string EntryName = "MLBuild/card.json";

    // A regression is what a card that says no task is of: the first models had none.
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        Task.Kind == LearningTaskKind.Regression
            ? new Text(Trainer, [.. Features.Columns], null, null)
            : new Text(Trainer, [.. Features.Columns], Task.Kind, [.. Task.Classes]),
        Json);

    /// <exception cref="JsonException">The bytes are something else.</exception>
    public static ModelCard FromStream(Stream json)
    {
        var text = JsonSerializer.Deserialize<Text>(json);
        return text switch
        {
            { Trainer: { } trainer, Features: { } features } => new(
                trainer, new(features),
                LearningTask.Of(text.Task ?? LearningTaskKind.Regression, text.Classes ?? [])),
            { Features: null } or null => throw new JsonException("It has no features."),
            _ => throw new JsonException("It has no trainer."),
        };
    }

    private sealed record Text(
        [property: JsonPropertyName("trainer")] string? Trainer,
        [property: JsonPropertyName("features")] FeatureColumn[]? Features,
        [property: JsonPropertyName("task")] LearningTaskKind? Task,
        [property: JsonPropertyName("classes")] string[]? Classes);
}
