using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Acme.Rows;
using MLBuild.Engine.Stages;

namespace Taxi;

/// <summary>Trips from a text, some of them asynchronously.</summary>
public static class Ingestion
{
    private const string Source = "2.5,11.0,Manhattan;0.7,5.5,Queens;9.9,41.5,JFK;;1.2,7.0,Bronx";

    public static async Task Run(StageRun run)
    {
        var text = await Fetch(retries: 2);
        var trips = new List<Trip>();
        foreach (var line in Lines(text))
            trips.Add(Parse(line));
        await File.WriteAllTextAsync(run.Output("trips.csv"), Table.Write(trips), run.Cancel);
    }

    private static async Task<string> Fetch(int retries)
    {
        for (var attempt = 0; attempt < retries; attempt++)
            await Task.Yield();
        return Source;
    }

    private static IEnumerable<string> Lines(string text)
    {
        foreach (var line in text.Split(';'))
        {
            if (line.Length > 4)
                yield return line;
        }
    }

    private static Trip Parse(string line)
    {
        var cells = line.Split(',');
        return new Trip
        {
            Distance = double.Parse(cells[0], CultureInfo.InvariantCulture),
            Fare = double.Parse(cells[1], CultureInfo.InvariantCulture),
            Zone = ZoneOf(cells[2]),
        };
    }

    private static Zone ZoneOf(string borough) => borough switch
    {
        "Manhattan" => Zone.Inner,
        "Queens" => Zone.Outer,
        "Bronx" => Zone.Outer,
        "Brooklyn" => Zone.Outer,
        "Staten Island" => Zone.Outer,
        "Yonkers" => Zone.Outer,
        "JFK" => Zone.Airport,
        "LaGuardia" => Zone.Airport,
        "Newark" => Zone.Airport,
        _ => Zone.Unknown,
    };
}
