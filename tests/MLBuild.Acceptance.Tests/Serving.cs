using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>The Serve target starts the server on the deployed version, and ends with it.</summary>
public sealed partial class Serving
{
    [UnixFact]
    public async Task DeployedVersionAnswersUntilItIsToldToStop()
    {
        using var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        project.Run("Deploy", "--model-version", "1").Succeeded();
        using var build = StartServer(project, "--prediction-log", project.PathOf("predictions"));
        var address = await AddressOf(build);
        var rest = build.StandardOutput.ReadToEndAsync();

        using var client = new HttpClient();
        var json = await Predicted(client, address);
        Assert.Equal(1, json.GetProperty("version").GetInt32());
        Assert.Equal(project.Artifacts()["Train/model.zip"], json.GetProperty("model").GetString());
        Assert.InRange(json.GetProperty("predictions")[0].GetDouble(), 5, 20);
        foreach (var trip in TaxiProject.SampleOf("2019-01").Split('\n')[1..20].Select(line => line.Split(',')))
            (await client.PostAsJsonAsync($"{address}/predict", new
            {
                pickup_datetime = trip[1],
                trip_distance = Number(trip[4]),
                pickup_location_id = (int)Number(trip[7]),
                dropoff_location_id = (int)Number(trip[8]),
                passenger_count = (int)Number(trip[3]),
                rate_code_id = (int)Number(trip[5]),
                vendor_id = (int)Number(trip[0]),
            })).EnsureSuccessStatusCode();

        // Told to stop it logs what it has.
        SystemProcess.Send(ServerOf(project), SystemProcess.SigTerm);
        Assert.Contains("Stopped.", await rest);
        await build.WaitForExitAsync();
        Assert.Equal(0, build.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"{address}/health/ready"));

        var skew = project.Run("Skew", "--prediction-log", project.PathOf("predictions")).Succeeded();
        Assert.Equal(["Predictions 1 of 1 partition", "Skew"], skew.Ran);

        // What was served is what is judged; the trips that were asked for are in data/, with what they cost.
        string[] monitor =
        [
            // By their number, as a month may end while they are served.
            "Monitor", "--prediction-log", project.PathOf("predictions"), "--windows-by", "1000",
            "--on-verdict", "NotEnoughData", "--verdict-command", "tee -a told.json",
        ];
        var first = project.Run(monitor).Succeeded();
        Assert.Equal(
            ["Labels 2 of 2 partitions", "ServedWindows 1 of 1 partition", "Monitor", "Tell 1 of 1 partition"],
            first.Ran);
        Assert.Contains("20 served rows in the log, all of version 1", first.Log);
        Assert.Contains(first.Log, line => line.StartsWith(
            "Command: the command 'tee' was told: not enough data in ", StringComparison.Ordinal));
        var told = project.Read("told.json");
        Assert.Equal("taxi-fare", JsonDocument.Parse(told).RootElement.GetProperty("model").GetString());
        project.Run(monitor).Succeeded();
        Assert.Equal(told, project.Read("told.json"));
    }

    [UnixFact]
    public async Task VersionFromAnotherProjectAnswersAsItDidThereUntilCtrlC()
    {
        using var there = TaxiProject.Trained();
        using var here = new TaxiProject();
        var package = there.PathOf("taxi-1.mlbuild");
        there.Run("Register").Succeeded();
        there.Run("Export", "--model-version", "1", "--file", package).Succeeded();
        Assert.Matches(
            "^taxi-fare version 1 is version 1 of where it was exported [(][0-9a-f]{8}[)]; deploy it with " +
            "./build.sh Deploy --model-version 1$",
            Assert.Single(here.Run("Import", "--file", package).Succeeded().Log));
        Assert.Equal(
            ["taxi-fare version 1 has these bytes and this evidence already; nothing changed"],
            here.Run("Import", "--file", package).Succeeded().Log);

        var answers = new List<string>();
        foreach (var project in new[] { there, here })
        {
            project.Run("Deploy", "--model-version", "1").Succeeded();
            using var build = StartServer(project);
            var address = await AddressOf(build);
            var rest = build.StandardOutput.ReadToEndAsync();
            using var client = new HttpClient();
            answers.Add((await Predicted(client, address)).GetRawText());
            SystemProcess.Send(build.Id, SystemProcess.SigInt);
            var said = await rest;
            // It was let end what it had begun.
            Assert.Contains("Stopped.", said);
            Assert.Contains("Aborted", said);
            await build.WaitForExitAsync();
            Assert.Equal(130, build.ExitCode);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"{address}/health/ready"));
        }
        Assert.Equal(answers[0], answers[1]);
    }

    private static Process StartServer(TaxiProject project, params string[] arguments)
    {
        PretendToRunProjects(project);
        return project.Start(["Serve", "--urls", "http://127.0.0.1:0", .. arguments]);
    }

    // The process of the server, not of the build that started it.
    private static int ServerOf(TaxiProject project) => Process.GetProcessesByName("dotnet").First(process =>
        CommandOf(process) is var line && line.Contains("TaxiFares.Server.dll", StringComparison.Ordinal)
        && line.Contains(project.PathOf("predictions"), StringComparison.Ordinal)).Id;

    // Those of other tests come and go.
    private static string CommandOf(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<string> AddressOf(Process build)
    {
        var said = "";
        while (!Listening().IsMatch(said) && await build.StandardOutput.ReadLineAsync() is { } line)
            said += line + "\n";
        Assert.True(Listening().IsMatch(said), said);
        return Listening().Match(said).Groups[1].Value;
    }

    private static async Task<JsonElement> Predicted(HttpClient client, string address)
    {
        var answer = await client.PostAsJsonAsync($"{address}/predict", new
        {
            pickup_datetime = "2019-02-28 17:05:00",
            trip_distance = 2.4,
            pickup_location_id = 161,
            dropoff_location_id = 236,
            passenger_count = 1,
            rate_code_id = 1,
            vendor_id = 2,
        });
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // 'dotnet run --project src/TaxiFares.Server -c Release -- …' would compile the project in the test's own folder.
    private static void PretendToRunProjects(TaxiProject project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var server = Path.Combine(
            BuildProgram.Repository, "src/TaxiFares.Server/bin", configuration, "net10.0", "TaxiFares.Server.dll");
        project.Write("tools/dotnet", $"""
            #!/bin/sh
            [ "$1 $2 $4 $5 $6" = "run --project -c Release --" ] || exit 64
            shift 6
            exec '{BootstrapCheckout.Dotnet}' '{server}' "$@"

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(project.PathOf("tools/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        project.Environment["PATH"] = $"{project.PathOf("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    [GeneratedRegex("Serving version 1 of model 'taxi-fare'.* on (http://127[.]0[.]0[.]1:[0-9]+)")]
    private static partial Regex Listening();
}
