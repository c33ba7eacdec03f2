using System.Globalization;
using System.Text.Json.Nodes;

namespace MLBuild.Serving.Tests;

/// <summary>Rides as a client sends them: absent values are left out.</summary>
internal static class RideJson
{
    public static JsonObject Of(Ride ride)
    {
        var json = new JsonObject
        {
            ["distance"] = ride.Distance,
            ["zone"] = ride.Zone,
            ["pickup"] = ride.PickupAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        };
        if (ride.Passengers is { } passengers)
            json["passengers"] = passengers;
        if (ride.Shared is { } shared)
            json["shared"] = shared;
        if (ride.Flag is { } flag)
            json["flag"] = flag;
        if (ride.Meter is { } meter)
            json["meter"] = meter;
        return json;
    }

    public static string Of(IEnumerable<Ride> rides) => new JsonArray([.. rides.Select(Of)]).ToJsonString();
}
