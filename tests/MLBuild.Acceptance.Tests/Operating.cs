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
        Assert.Equal(["Evaluate", "Card", "Register"], registered.Ran);
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
        Assert.Empty(project.Run("Monitor").Succeeded().Ran);

        project.Write("recent/2019-03.csv", WithDistancesTripled(TaxiProject.SampleOf("2019-03")));
        Assert.Contains(
            project.Run("Monitor", "--recent-trips", project.PathOf("recent")).Succeeded().Log,
            line => line.StartsWith("trip_distance: drift; ", StringComparison.Ordinal));
    }

    [Fact]
    public void InferContractProposesOneAndSaysHowItDiffers()
    {
        using var project = TaxiProject.Trained();
        Assert.Equal(["InferContract"], project.Run("InferContract").Succeeded().Ran);
        Assert.Contains("Contract.For<TaxiTrip>()", project.Read("artifacts/InferContract/Contract.cs"));
        Assert.NotEmpty(project.Read("artifacts/InferContract/difference.txt"));
    }

    private const string Again = "taxi-fare version 1 was registered before (…); nothing changed";
    private const int Distance = 4;

    private static string WithDistancesTripled(string csv) => string.Concat(csv.Split('\n')[..^1].Select((line, i) =>
    {
        var fields = line.Split(',');
        if (i > 0)
            fields[Distance] = (3 * double.Parse(fields[Distance], CultureInfo.InvariantCulture))
                .ToString(CultureInfo.InvariantCulture);
        return string.Join(',', fields) + "\n";
    }));

    private static string WithoutHash(string line) =>
        Regex.Replace(line, @"\([0-9a-f]{8}\)", "(…)");
}
