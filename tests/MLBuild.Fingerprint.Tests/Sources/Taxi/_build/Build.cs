using System;
using System.Globalization;
using System.IO;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Taxi;

/// <summary>The build program: its members are what the command line sets.</summary>
public class Build : NukeBuild
{
    public double Rate { get; set; } = 0.1;

    public int Epochs { get; set; } = 3;

    public int Copies { get; set; } = 1;

    public string Heading { get; set; } = "fares";

    public string Unread { get; set; } = "nothing";

    public static string Region = "east";

    public Stage Ingest => new StageBuilder(new("Ingest"))
        .Writes("trips.csv")
        .Runs(Ingestion.Run)
        .Build();

    public Stage Features => new StageBuilder(new("Features"))
        .Reads(new("Ingest"))
        .Writes("features.csv")
        .Runs(Taxi.Features.Run)
        .Build();

    public Stage Train => new StageBuilder(new("Train"))
        .Reads(new("Features"))
        .Writes("model.txt")
        .Runs(Training.Run, () => new TrainOptions(Rate, Epochs))
        .Build();

    public Stage Evaluate => new StageBuilder(new("Evaluate"))
        .Reads(new("Train"))
        .Writes("metrics.json")
        .Runs(Evaluation.Run)
        .Build();

    public Stage Report => new StageBuilder(new("Report"))
        .Reads(new("Evaluate"))
        .Writes("report.txt")
        .Runs(run => Reporting.Run(run, "Fares"))
        .Build();

    public Stage Publish
    {
        get
        {
            var title = Heading.ToUpperInvariant();
            Func<double, string> show = value => value.ToString("F1", CultureInfo.InvariantCulture);
            return new StageBuilder(new("Publish"))
                .Reads(new("Report"))
                .Writes("published.txt")
                .Runs(run =>
                {
                    var text = title + show(Copies) + Region + Labels.Unit + Labels.Ending;
                    File.WriteAllText(run.Output("published.txt"), text);
                })
                .Build();
        }
    }

    public int Offset { get; set; } = 5;

    public Stage[] Stages
    {
        get
        {
            Counters.Offset = Offset;
            return [Ingest, Features, Train, Evaluate, Report, Publish];
        }
    }
}
