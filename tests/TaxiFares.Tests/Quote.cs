using System.Text.Json.Nodes;
using MLBuild.Learning.Rows;

namespace TaxiFares.Tests;

/// <summary>The request for a quote: what is known of a trip when it starts.</summary>
internal static class Quote
{
    public static JsonObject Of(TaxiTrip trip)
    {
        var row = new JsonObject();
        foreach (var name in TaxiModel.KnownAtStart)
        {
            var column = RowSchema<TaxiTrip>.Instance.Find(name)!;
            row[name] = column.Text(trip) is not { } text ? null
                : column.IsNumeric ? JsonNode.Parse(text)
                : JsonValue.Create(text);
        }
        return row;
    }
}
