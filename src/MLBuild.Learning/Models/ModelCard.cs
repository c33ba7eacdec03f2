using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>What ML.NET does not keep in a saved model and whoever scores with it has to know: stored in the same zip,
/// so that it cannot be parted from the model.</summary>
/// <param name="Trainer">A <see cref="TrainerKind"/>, or the name of a team's own trainer.</param>
internal sealed record ModelCard(string Trainer, FeatureSchema Features)
{
    public const string EntryName = "MLBuild/card.json";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Text(Trainer, [.. Features.Columns]));

    /// <exception cref="JsonException">The bytes are something else.</exception>
    public static ModelCard FromStream(Stream json)
    {
        var text = JsonSerializer.Deserialize<Text>(json);
        return text switch
        {
            { Trainer: { } trainer, Features: { } features } => new(trainer, new(features)),
            { Features: null } or null => throw new JsonException("It has no features."),
            _ => throw new JsonException("It has no trainer."),
        };
    }

    private sealed record Text(
        [property: JsonPropertyName("trainer")] string? Trainer,
        [property: JsonPropertyName("features")] FeatureColumn[]? Features);
}
