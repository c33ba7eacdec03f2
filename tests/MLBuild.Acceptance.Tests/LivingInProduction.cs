using System.Globalization;
using MLBuild.Stages.Tests.Tables;
using Xunit.Abstractions;

namespace MLBuild.Acceptance.Tests;

/// <summary>Two and a half years of the city's trips, through the whole loop: a model of 2018 and 2019 serves 2020,
/// month by month, behind a load balancer; what it served is monitored; when that says so it is trained anew, passes
/// its gate and comes to serve by a canary, under the requests of the month that follows.</summary>
/// <remarks>With <c>MLBUILD_SOAK=1</c> it is trained anew a second time.</remarks>
public sealed class LivingInProduction(ITestOutputHelper output)
{
    private const int RequestsPerSecond = 600;

    // All that a log has: a month may end while it is served.
    private static readonly string[] OneWindow = ["--windows-by", "1000000"];

    [YellowTaxiFact]
    public async Task TheLoopEndsWithABetterModelInProduction()
    {
        using var site = new TaxiSite();
        site.Build(["Register", "--data", .. TaxiSite.Before("2020-01")]).Succeeded();
        site.Build("Deploy", "--model-version", "1").Succeeded();
        Say("2019-12", "version 1 learned from 24 months, passed its gate and serves");
        await site.StartAsync();

        // The city is as it was.
        Assert.Equal("Fine", (await ServeAsync(site, "2020-01")).Verdict);
        Assert.Equal("Fine", (await ServeAsync(site, "2020-02")).Verdict);
        await ServeAsync(site, "2020-03");
        // The lockdown.
        Assert.Equal("Degraded", (await ServeAsync(site, "2020-04")).Verdict);
        await RetrainAsync(site, "2020-04", "2020-05", version: 2);
        Assert.Equal("Degraded", (await ServeAsync(site, "2020-05")).Verdict);
        var held = site.Build(["Retrain", .. Seen(site, "2020-05")]).Succeeded();
        Assert.Contains("nothing is learned before", held.Log.Last());
        Say("2020-05", held.Log.Last());
        if (Environment.GetEnvironmentVariable("MLBUILD_SOAK") is not null)
            await RetrainAsync(site, "2020-05", "2020-06", version: 3);
        var (_, june) = await ServeAsync(site, "2020-06");

        // The same trips, as the first version would have served them to this day.
        site.Build("Deploy", "--model-version", "1", "--serving-environment", "staging").Succeeded();
        using var before = site.ServerOf("staging");
        using var replay = new Replay(before.Address);
        await replay.SendAsync(TaxiSite.Trips("2020-06"));
        Say("2020-06", $"in staging {Answers(replay)}");
        Assert.True(Assert.Single(june.Answered).Value.Mean < 0.85 * replay.Answered[1].Mean);
    }

    // What a month has shown, and all months before it.
    private static IEnumerable<string> Seen(TaxiSite site, string month) =>
    [
        "--prediction-log", site.LogOf(month), "--recent-trips", TaxiSite.FileOf(month), .. OneWindow,
        "--data", .. TaxiSite.Before(month),
    ];

    // A month of requests, and what Monitor says of them once their fares are known.
    private async Task<(string Verdict, Replay Replay)> ServeAsync(TaxiSite site, string month)
    {
        using var replay = new Replay(site.Address);
        await replay.SendAsync(TaxiSite.Trips(month));
        var log = await site.EndMonthAsync(month);
        site.Build(["Monitor", "--prediction-log", log, "--recent-trips", TaxiSite.FileOf(month), .. OneWindow])
            .Succeeded();
        var verdict = site.MonitorReport().GetProperty("verdict").GetString()!;
        Say(month, $"{Answers(replay)}; Monitor: {verdict}");
        return (verdict, replay);
    }

    // From what a month has shown to another version, while the next one asks.
    private async Task RetrainAsync(TaxiSite site, string month, string next, int version)
    {
        using var replay = new Replay(site.Address);
        using var stop = new CancellationTokenSource();
        var requests = replay.SendUntilAsync(TaxiSite.Trips(next), RequestsPerSecond, stop.Token);
        var retrained = await Task.Run(() => site.Build(["Retrain", "--cool-down", "0h", .. Seen(site, month)]));
        await stop.CancelAsync();
        await requests;
        // Requests that nobody labels: they are not the month's.
        await site.EndMonthAsync($"{next} canary");
        foreach (var line in retrained.Log.Where(IsEvent))
            Say(next, line);
        Say(next, Answers(replay));
        retrained.Succeeded();
        foreach (var percent in (int[])[5, 25, 50, 100])
            Assert.Contains($"version {version} gets {percent} % of the requests", retrained.Log);
        Assert.Equal(version, await site.ServedVersionAsync());
        Assert.True(replay.Answered[version].Count > 0);
    }

    private static bool IsEvent(string line) => !line.StartsWith(' ') && !line.Contains(": rebuilding because ");

    private void Say(string month, string what) => output.WriteLine($"{month}  {what}");

    private static string Answers(Replay replay) =>
        string.Join(", ", replay.Answered.OrderBy(one => one.Key).Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Value.Count} quotes by version {one.Key}, mean absolute error {one.Value.Mean:0.00} dollars")))
        + $", {replay.Refused} refused";
}
