using System.Globalization;
using System.IO;
using System.Linq;
using Acme.Rows;
using MLBuild.Engine.Stages;

namespace Taxi;

/// <summary>Numbers from trips, by classes behind a base and an interface.</summary>
public static class Features
{
    public static void Run(StageRun run)
    {
        var trips = Table.Read<Trip>(File.ReadAllText(run.Input("trips.csv")));
        Transform[] transforms = [new LogTransform(), new PlainTransform()];
        IEncoder[] encoders = [new LengthEncoder(), new FirstLetterEncoder()];
        var longest = Ranking.Best(trips, trip => trip.Distance);
        File.WriteAllLines(run.Output("features.csv"), trips.Select(trip => string.Join(',',
            transforms.Select(transform => transform.Apply(trip.Fare / longest.Distance))
                .Concat(encoders.Select(encoder => encoder.Encode(trip.Zone.ToString()) * encoder.Weight()))
                .Select(value => value.ToString("R", CultureInfo.InvariantCulture)))));
    }
}
