using System.Text.Json.Serialization;

namespace Taxi;

/// <summary>What an evaluation found, as JSON.</summary>
public sealed record Summary([property: JsonPropertyName("error")] double Error, int Rows = 1)
{
    public string Currency { get; init; } = "USD";

    public string Text => Error + " " + Currency;
}
