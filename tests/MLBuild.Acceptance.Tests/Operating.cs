using System.Globalization;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>Registering, deploying and monitoring: each does something once, and says when there was nothing to
/// do.</summary>
public sealed class Operating
{
    [Fact]
    public void RegisterAndDeployTwiceAreOnce()
    {
        using var project = TaxiProject.Trained();
        var registered = project.Run("Register").Succeeded();
        Assert.Equal(["Reference", "Evaluate", "Card", "Register"], registered.Ran);
        Assert.Contains("Nothing serves yet: thresholds alone decide.", registered.Log);
        Assert.Contains(registered.Log, line =>
            line.StartsWith("taxi-fare version 1 registered (", StringComparison.Ordinal));
        Assert.Contains("its gate passed; deploy it with ./build.sh Deploy --model-version 1", registered.Log);
        Assert.Contains(Again, project.Run("Register").Succeeded().Log.Select(WithoutHash));

        var deployed = project.Run("Deploy", "--model-version", "1").Succeeded();
        Assert.Equal(["'production' now serves taxi-fare version 1"], deployed.Log);
        Assert.Equal(
            ["'production' serves taxi-fare version 1 already; nothing changed"],
            project.Run("Deploy", "--model-version", "1").Succeeded().Log);

        // It now has a champion to be compared with, which is itself.
        var compared = project.Run("Register").Succeeded();
        Assert.Equal(["Evaluate", "Card", "Register"], compared.Ran);
        Assert.Contains("Compared with v1 on the same rows.", compared.Log);
        var unchanged = project.Run("Register").Succeeded();
        Assert.Equal(["Register"], unchanged.Ran);
        Assert.Contains(Again, unchanged.Log.Select(WithoutHash));
        Assert.Equal(
            ["'production' serves taxi-fare version 1 already; nothing changed"],
            project.Run("Deploy", "--model-version", "1").Succeeded().Log);
    }

    [Fact]
    public void VersionWhoseGateFailedIsDeployedOnlyByForceAndWithAReason()
    {
        using var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        project.Run("Deploy", "--model-version", "1").Succeeded();

        var weak = project.Run("Register", "--iterations", "5");
        Assert.Equal(255, weak.ExitCode);
        Assert.Equal(
            "taxi-fare version 2 is registered, but its gate did not pass, so it cannot be deployed.", weak.Failure[0]);
        Assert.StartsWith("  FAIL          RMSE overall is ", weak.Failure.First(line => line.Contains("FAIL")));

        var refused = project.Run("Deploy", "--model-version", "2");
        Assert.Equal(255, refused.ExitCode);
        Assert.Matches(
            @"^Version 2 of model 'taxi-fare' was not deployed to 'production': its gate outcome is Failed, " +
            @"expected Passed \(evaluation [0-9a-f]{8}\)\. Evaluate it again, or take " +
            @"responsibility: --force-because ""\.\.\.""\.$",
            Assert.Single(refused.Failure));
        Assert.Equal(
            [
                "Version 2 of model 'taxi-fare' was not deployed to 'production': --force-because is empty, expected " +
                "the reason, which the history keeps.",
            ],
            project.Run("Deploy", "--model-version", "2", "--force-because", " ").Failure);
        Assert.Equal(
            ["'production' now serves taxi-fare version 2 instead of version 1"],
            project.Run("Deploy", "--model-version", "2", "--force-because", "trial").Succeeded().Log);
    }

    [Fact]
    public void VersionsAreListedTaggedNotedAndPutAside()
    {
        using var project = TwoVersions();
        project.Run("Deploy", "--model-version", "1").Succeeded();
        Assert.Equal(["taxi-fare version 1 is tagged 'golden'"],
            project.Run("Tag", "--model-version", "1", "--named", "golden").Succeeded().Log);
        Assert.Equal(["taxi-fare version 2 has a new note"],
            project.Run("Note", "--model-version", "2", "--text", "fewer leaves").Succeeded().Log);
        Assert.Equal(["taxi-fare version 2 is archived: lists leave it out, and it cannot be deployed"],
            project.Run("Archive", "--model-version", "2", "--because", "no better").Succeeded().Log);
        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not archived: it serves in 'production'. Deploy another version " +
            "there first: ./build.sh Deploy --model-version N.",
            Assert.Single(project.Run("Archive", "--model-version", "1", "--because", "old").Failure));
        Assert.Contains(
            project.Run("Deploy", "--model-version", "2").Failure,
            line => line.EndsWith("Take it back first: ./build.sh Unarchive --model-version 2 --because \"...\".",
                StringComparison.Ordinal));
        Assert.Equal(
            "Target 'Archive' requires parameter 'Because', which has no value. Pass --because <value> or set " +
            "NUKE_BECAUSE.",
            Assert.Single(project.Run("Archive", "--model-version", "2").Refusal));

        var list = project.Run("Versions").Succeeded().OutputOf("Versions");
        Assert.Matches("^version +model +created +gate +rmse +mae +r2 +within-10-percent +serves in +tags$", list[0]);
        Assert.Matches("^1 +[0-9a-f]{8} +[0-9-]+ [0-9:]+Z +Passed +[0-9.]+ .* production +golden$", list[1]);
        Assert.Equal("1 archived version not shown; --with-archived does", list[2]);
        Assert.EndsWith("  archived", project.Run("Versions", "--with-archived").Succeeded().OutputOf("Versions")[1]);
        Assert.Contains(
            project.Run("Versions", "--model-version", "2").Succeeded().OutputOf("Versions"),
            line => line.EndsWith("  note: fewer leaves", StringComparison.Ordinal));

        project.Run("Untag", "--model-version", "1", "--named", "golden").Succeeded();
        project.Run("Unarchive", "--model-version", "2", "--because", "to compare").Succeeded();
        Assert.Equal(3, project.Run("Versions").Succeeded().OutputOf("Versions").Count);
    }

    [Fact]
    public void WhatServedAndWhatMadeItIsOneCommandEach()
    {
        using var project = TwoVersions();
        project.Run("Deploy", "--model-version", "1").Succeeded();
        Assert.Matches(
            "^At [0-9-]+ 00:00Z 'production' served taxi-fare version 1 [(][0-9a-f]{8}[)][.]$",
            project.Run("Served", "--at", "2999-01-01").Succeeded().OutputOf("Served")[0]);
        Assert.Equal(["At 2019-01-01 14:05Z 'production' served nothing of taxi-fare."],
            project.Run("Served", "--at", "2019-01-01T14:05").Succeeded().OutputOf("Served"));
        Assert.Equal(2, project.Run("Served").Succeeded().OutputOf("Served").Count);

        // Years later there is no data.
        Directory.Delete(project.PathOf("data"), recursive: true);
        var january = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes(TaxiProject.SampleOf("2019-01"))));
        Assert.Contains(
            $"            2019-01.csv  {january}",
            project.Run("Lineage", "--model-version", "1").Succeeded().OutputOf("Lineage"));
        project.Run("Lineage", "--model-version", "1", "--file", project.PathOf("lineage.svg")).Succeeded();
        Assert.StartsWith("<svg xmlns=", project.Read("lineage.svg"));

        var difference = project.Run("Diff", "--from", "production", "--to", "2").Succeeded().OutputOf("Diff");
        Assert.Equal(
            [
                "data: the same", "parameters", "  Train: parameter 'Leaves' changed: 127 -> 31", "code: the same",
                "packages: the same", "stages: the same", "metrics, on the same rows",
            ],
            difference.Skip(1).Take(7));
        Assert.Equal(
            "--from is 'staging', expected the number of a version, or an environment for the one that serves there. " +
            "Environments: production.",
            Assert.Single(project.Run("Diff", "--from", "staging", "--to", "2").Failure));
    }

    [Fact]
    public void MonitorComparesRecentTripsWithThoseOfTheChampion()
    {
        using var project = TaxiProject.Trained();
        Assert.Equal(
            "No model serves yet, so there is nothing to monitor. Deploy one with ./build.sh Deploy --model-version N.",
            project.Run("Monitor").Failure[0]);
        project.Run("Register").Succeeded();
        project.Run("Deploy", "--model-version", "1").Succeeded();

        Assert.Contains(
            "fine: the rows look like those that version 1 was trained on", project.Run("Monitor").Succeeded().Log);
        // What was counted is kept; only what is said of it is said again.
        Assert.Equal(["Monitor"], project.Run("Monitor").Succeeded().Ran);

        project.Write("recent/2019-03.csv", WithDistances(times: 3, TaxiProject.SampleOf("2019-03")));
        Assert.Contains(
            project.Run("Monitor", "--recent-trips", project.PathOf("recent")).Succeeded().Log,
            line => line.StartsWith("  trip_distance: drift; ", StringComparison.Ordinal));
    }

    [Fact]
    public void InferContractProposesOneAndSaysHowItDiffers()
    {
        using var project = TaxiProject.Trained();
        Assert.Equal(["InferContract"], project.Run("InferContract").Succeeded().Ran);
        Assert.Contains("Contract.For<TaxiTrip>()", project.Read("artifacts/InferContract/Contract.cs"));
        Assert.NotEmpty(project.Read("artifacts/InferContract/difference.txt"));
    }

    private static TaxiProject TwoVersions()
    {
        var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        project.Run("Register", "--leaves", "31").Succeeded();
        return project;
    }

    private const string Again = "taxi-fare version 1 was registered before (…); nothing changed";
    private const int Distance = 4;

    internal static string WithDistances(double times, string csv) =>
        string.Concat(csv.Split('\n')[..^1].Select((line, i) =>
        {
            var fields = line.Split(',');
            if (i > 0)
                fields[Distance] = (times * double.Parse(fields[Distance], CultureInfo.InvariantCulture))
                    .ToString(CultureInfo.InvariantCulture);
            return string.Join(',', fields) + "\n";
        }));

    private static string WithoutHash(string line) =>
        Regex.Replace(line, @"\([0-9a-f]{8}\)", "(…)");
}
