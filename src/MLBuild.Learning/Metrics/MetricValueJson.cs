using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Metrics;

/// <summary>A metric in JSON: a plain number, or <c>{"missing": "why"}</c>.</summary>
internal sealed class MetricValueJson : JsonConverter<MetricValue>
{
    private const string Missing = "missing";

    // Else null would become a metric that is neither a number nor missing.
    public override bool HandleNull => true;

    public override MetricValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return MetricValue.Of(reader.GetDouble());
        if (reader.TokenType != JsonTokenType.StartObject
            || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(Missing)
            || !reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A metric is a number or {\"missing\": \"why\"}.");
        }
        var reason = reader.GetString()!;
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject
            ? new MetricValue.Missing(reason)
            : throw new JsonException("A missing metric has a reason and nothing else.");
    }

    public override void Write(Utf8JsonWriter writer, MetricValue value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case MetricValue.Value number:
                writer.WriteNumberValue(number.Number);
                break;
            case MetricValue.Missing missing:
                writer.WriteStartObject();
                writer.WriteString(Missing, missing.Reason);
                writer.WriteEndObject();
                break;
        }
    }
}
