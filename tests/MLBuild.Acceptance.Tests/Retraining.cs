using Xunit.Abstractions;

namespace MLBuild.Acceptance.Tests;

/// <summary>The loop as one command: what is monitored makes a new version, and that serves.</summary>
public sealed class Retraining(ITestOutputHelper output)
{
    private const int Kills = 3;
    private const string Tried = "not again until data, code or parameters change";

    [Fact]
    public void DriftBecomesAVersionThatServesOnce()
    {
        using var project = Served();
        var fine = project.Run("Retrain").Succeeded();
        Assert.DoesNotContain(fine.Log, line => line.StartsWith("Ingest: ", StringComparison.Ordinal));
        Assert.Equal(
            "nothing to do: the rows of 2019-02 look like those that version 1 was trained on", fine.Log.Last());

        project.Write("recent/2019-03.csv", Operating.WithDistances(times: 0.7, TaxiProject.SampleOf("2019-03")));
        string[] retrain =
            ["Retrain", "--recent-trips", project.PathOf("data"), project.PathOf("recent"), "--strategy", "direct"];
        var moved = project.Run(retrain).Succeeded();
        Assert.Contains(moved.Log, line =>
            line.StartsWith("training anew because of degraded in 2019-03: ", StringComparison.Ordinal));
        // Files that are named twice are read once.
        Assert.Contains("Ingest: 2019-03: 1,500 rows, 1 quarantined, 1 duplicate, 4 refunded", moved.Log);
        Assert.Contains("Evaluate: Compared with v1 on the same rows.", moved.Log);
        Assert.Equal("'production' now serves taxi-fare version 2 instead of version 1", moved.Log.Last());
        Assert.Equal(3, project.Artifacts().Keys.Count(path => path.EndsWith("ingest.json", StringComparison.Ordinal)
            && path.StartsWith("Ingest/", StringComparison.Ordinal)));
        Assert.EndsWith(": ./build.sh Retrain", Assert.Single(
            project.Run("Served", "--at", "2999-01-01").OutputOf("Served"),
            line => line.StartsWith("deployed by ", StringComparison.Ordinal)));
        var story = project.Run("Versions", "--model-version", "2").OutputOf("Versions");
        Assert.Contains("tags retrained.production", story);
        Assert.Contains(
            story, line => line.Contains("  note: retrained for 'production' because of degraded in 2019-03: "));

        var settling = project.Run(retrain).Succeeded();
        Assert.Matches(
            "^drift in 2019-03, but version 2, which serves, was retrained .*Z: nothing is learned before .*Z " +
            "[(]--cool-down[)]$",
            settling.Log.Last());
        Assert.Equal(
            "drift in 2019-03, but there is nothing new to learn: what was trained is version 2 again, which serves; " +
            Tried,
            project.Run([.. retrain, "--cool-down", "0h"]).Succeeded().Log.Last());
        Assert.Equal(3, project.Run("Versions").OutputOf("Versions").Count);
    }

    [Fact]
    public void ARolloutThatWasLeftGoesOnAndWhatWasRolledBackIsNotTriedAgain()
    {
        using var project = Drifted();
        string[] retrain = ["Retrain", "--recent-trips", project.PathOf("recent"), "--patience-minutes", "0.01"];
        // Nothing serves in this test, so the canary has no requests.
        var left = project.Run(retrain);
        Assert.Equal(255, left.ExitCode);
        Assert.StartsWith("Version 2 of taxi-fare is held at 0 % of the requests", left.Failure[0]);

        var goesOn = project.Run(retrain);
        Assert.Contains(
            goesOn.Log, line => line.StartsWith("going on with version 2, retrained ", StringComparison.Ordinal));
        Assert.Contains("Canary rollout of version 2 goes on at 0 %", goesOn.Log);
        Assert.DoesNotContain(goesOn.Log, line => line.StartsWith("Train: ", StringComparison.Ordinal));

        project.Run("Rollback", "--because", "too slow").Succeeded();
        Assert.Equal(
            "degraded in 2019-03, but this was tried: what was trained is version 2 again, which was rolled back; " +
            Tried,
            project.Run([.. retrain, "--cool-down", "0h"]).Succeeded().Log.Last());
    }

    [Fact]
    public async Task KilledAtRandomInstantsItIsOneRetraining()
    {
        using var project = Drifted();
        string[] retrain =
            ["Retrain", "--recent-trips", project.PathOf("recent"), "--strategy", "direct", "--cool-down", "0h"];
        var seed = System.Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Kills; i++)
        {
            var instant = TimeSpan.FromSeconds(8 * random.NextDouble());
            output.WriteLine($"seed {seed}, kill {i + 1} after {instant.TotalSeconds:0.000} s");
            using var build = project.Start(retrain);
            // Drained, or a full pipe would hold the build up.
            var drained = build.StandardOutput.ReadToEndAsync();
            build.WaitForExit(instant);
            build.Kill();
            build.WaitForExit();
            await drained;
        }
        project.Run(retrain).Succeeded();

        Assert.Equal(3, project.Run("Versions").OutputOf("Versions").Count);
        var story = project.Run("Versions", "--model-version", "2").OutputOf("Versions");
        Assert.Single(story, line => line.EndsWith("  tagged 'retrained.production'", StringComparison.Ordinal));
        Assert.Single(story, line => line.Contains("  note: retrained for 'production' because of "));
        Assert.Single(story, line => line.EndsWith("  deployed to 'production'", StringComparison.Ordinal));
        Assert.Equal(
            "drift in 2019-03, but there is nothing new to learn: what was trained is version 2 again, which serves; " +
            Tried,
            project.Run(retrain).Succeeded().Log.Last());
    }

    [Fact]
    public void DataThatBreaksTheContractIsNotLearnedFrom()
    {
        using var project = Drifted();
        project.Write("data/2019-02.csv", Operating.WithDistances(times: 3, TaxiProject.SampleOf("2019-02")));
        var refused = project.Run("Retrain", "--recent-trips", project.PathOf("recent"));
        Assert.Equal(255, refused.ExitCode);
        Assert.StartsWith(
            "The data is bad: not learning from it. Stage 'Validate' failed: ", refused.Failure[0]);
        Assert.Equal(2, project.Run("Versions").OutputOf("Versions").Count);
    }

    [Fact]
    public void WhatIsAskedWronglyIsSaidBeforeAnythingIsTrained()
    {
        using var project = Drifted();
        Refuses("--cool-down", "soon",
            "--cool-down is 'soon', expected a number of hours, days or weeks such as 12h, 1d or 2w, up to 366d; 0h " +
            "is none.");
        Refuses("--retrain-budget", "0",
            "Budget (--retrain-budget) is 0, expected at least 1 retraining in 28 days.");
        Refuses("--canary-steps", "0",
            "The canary cannot be judged: Steps (--canary-steps) are 0, expected rising numbers from 1 to 100, " +
            "the first below 100.");
        Refuses("--strategy", "slow",
            "--strategy is 'slow', expected direct, canary, blue-green, shadow, or none for a person to deploy.");

        void Refuses(string name, string value, string message)
        {
            var refused = project.Run("Retrain", "--recent-trips", project.PathOf("recent"), name, value);
            Assert.Equal((255, message), (refused.ExitCode, refused.Failure[0]));
            Assert.DoesNotContain(refused.Log, line => line.StartsWith("Train: ", StringComparison.Ordinal));
        }
    }

    // With January and February, of which version 1 serves.
    private static TaxiProject Served()
    {
        var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        project.Run("Deploy", "--model-version", "1").Succeeded();
        return project;
    }

    private static TaxiProject Drifted()
    {
        var project = Served();
        project.Write("recent/2019-03.csv", Operating.WithDistances(times: 0.7, TaxiProject.SampleOf("2019-03")));
        return project;
    }
}
