using MLBuild.Learning.Drift;
using MLBuild.Learning.Monitoring;

namespace TaxiFares;

/// <summary>What fare quotes are worth, and what of trips is known to change.</summary>
public static class TaxiMonitoring
{
    /// <summary>Quotes are useful within a tenth of the fare; who quotes too little pays the rest.</summary>
    public static IReadOnlyList<BusinessMetric<TaxiTrip>> Metrics =>
    [
        new("share of quotes within 10 %", "", (trip, quote) =>
            Math.Abs(quote - trip.FareAmount) <= 0.1 * trip.FareAmount ? 1 : 0)
        { Min = 0.5 },
        new("money lost to under-quoting", "dollars per trip", (trip, quote) =>
            Math.Max(0, trip.FareAmount - quote))
        { Max = 1 },
    ];

    public static IReadOnlyList<KnownChange> KnownChanges =>
    [
        new("pickup_day", "it counts the days and never comes back to those of training"),
    ];
}
