using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Features;

/// <summary>A row with a category, a key, a label, and the times of its event and of its arrival.</summary>
internal sealed record Fare(int Id, string? Zone, double? Price, DateTime At, DateTime? KnownAt)
{
    public static readonly DateTime Start = new(2019, 1, 1);

    public static readonly History<Fare> ByZone =
        new("fares", fare => fare.Zone, fare => fare.Price, fare => fare.At, fare => fare.KnownAt);

    public RowKey Key => RowKey.Of(Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Invented fares of few zones whose times often coincide, some of which arrive late or never.</summary>
    public static Fare[] Some(Random random, int count, int firstId = 0) =>
    [
        .. Enumerable.Range(firstId, count).Select(id =>
        {
            var at = Start.AddHours(random.Next(24 * 30));
            return new Fare(
                id,
                random.Next(20) == 0 ? null : $"z{random.Next(4)}",
                random.Next(20) == 0 ? null : random.Next(-80, 8000) / 8.0,
                at,
                random.Next(20) == 0 ? null : at.AddHours(random.Next(4) == 0 ? random.Next(24 * 20) : random.Next(3)));
        }),
    ];

    public static FittedFeatures<Fare> Fit(FeatureSet<Fare> features, IEnumerable<Fare> rows)
    {
        var fit = features.BeginFit();
        foreach (var row in rows)
            fit.Add(row, row.Key);
        return fit.Complete();
    }
}
