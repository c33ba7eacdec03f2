using MLBuild.Learning.Metrics;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;

namespace TaxiFares;

/// <summary>What is asked of a fare model, and what its card says of it.</summary>
public static class TaxiEvaluation
{
    /// <summary>What a fare model must reach. Most fares are between 5 and 20 dollars. Of 1,500 trips from an airport a
    /// few long ones decide the mean squared error: ten times as many could be judged, so these are only
    /// reported.</summary>
    public static EvaluateOptions Demands => new()
    {
        Unit = "dollars",
        MaxRmse = 4,
        MinR2 = 0.8,
        MinShareWithinTenPercent = 0.5,
        MinSliceRows = 2_000,
    };

    /// <summary>Features that come from one raw column, or tell the same: the zones of a trip say each other.</summary>
    public static IReadOnlyList<FeatureGroup> Together =>
    [
        new("pickup_datetime", ["pickup_hour", "pickup_weekday", "pickup_minute_of_day", "pickup_day"]),
        new("zones", ["pickup_zone", "dropoff_zone", "lower_zone", "higher_zone", "same_zone"]),
    ];

    public static ModelAbout About => new(
        TaxiModel.Name,
        "Quotes the fare of a yellow-taxi trip in New York when it starts: to passengers before they agree, and to "
        + "dispatchers who compare rides.",
        [
            "The fare that the meter shows, without tips, tolls, taxes and surcharges.",
            "It learned from the distance that was driven; a planned one that is shorter gives a lower fare.",
            "It knows the tariff of the months under Data, and no other city, service or later tariff.",
            "It is not for billing: what is paid is what the meter says.",
        ]);
}
