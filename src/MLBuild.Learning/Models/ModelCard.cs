using System.Text.Json;
using System.Text.Json.Serialization;
using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>What ML.NET does not keep in a saved model and whoever scores with it has to know: stored in the same zip,
/// so that it cannot be parted from the model.</summary>
internal sealed record ModelCard(RegressionTrainerKind Trainer, FeatureSchema Features)
{
    public const string EntryName = "MLBuild/card.json";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Text(Trainer, [.. Features.Columns]));

    /// <exception cref="JsonException">The bytes are something else.</exception>
    public static ModelCard FromStream(Stream json)
    {
        var text = JsonSerializer.Deserialize<Text>(json);
        return text?.Features is { } features
            ? new(text.Trainer, new(features))
            : throw new JsonException("It has no features.");
    }

    private sealed record Text(
        [property: JsonPropertyName("trainer")] RegressionTrainerKind Trainer,
        [property: JsonPropertyName("features")] FeatureColumn[] Features);
}
