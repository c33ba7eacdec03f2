using System.Diagnostics;
using System.Globalization;
using MLBuild.Stages.Tests.Site;

namespace MLBuild.Packages.Tests;

/// <summary>Who starts with an empty folder, and writes and types what the guide shows, gets what it promises: every
/// file of its pages is compiled and every command is run.</summary>
public sealed class FollowingTheGuide : IDisposable
{
    private readonly NewMachine _machine = new();
    private string _folder = "";
    private Process? _server;
    private int _port;

    [UnixFact]
    public void FromAnEmptyFolderToAModelThatServesAndIsWatched()
    {
        _machine.Write("rentals.csv", Rentals());

        var start = Follow("1-your-data.md");
        Assert.Contains("bikes version 1 registered", start["./build.sh Register"]);
        Assert.Contains("its gate passed", start["./build.sh Register"]);
        Assert.Matches(@"Passed:\s+1\b", start["./build.sh Test"]);

        var concepts = Follow("2-concepts.md");
        Assert.Contains("nothing to run: 4 stages up to date, 1 restored", concepts["./build.sh Train"]);
        Assert.Equal(["Train"], NewMachine.Ran(concepts["./build.sh Train --learning-rate 0.1"]));
        Assert.Contains("parameter 'Training.Iterations' changed: 150 -> 200",
            concepts["./build.sh Train --iterations 200 --dry-run"]);
        Assert.Contains("4 points, each scored on 2 of 3 folds", concepts["./build.sh Sweep --sweep-points 4"]);
        Assert.Equal(["Train"], NewMachine.Ran(concepts["./build.sh Train --options-from Sweep"]));

        // Compiled once for both.
        Write("5-ci.md");
        var stages = Follow("3-stages.md");
        Assert.Equal(["BusyHours", "BusyDays"], NewMachine.Ran(stages["./build.sh BusyDays --busiest 20"]));
        Assert.Contains("bikes", stages["./build.sh Show --artifact BusyHours/busy-hours.txt"]);
        Assert.Contains("the workflows are as the build declares them",
            Follow("5-ci.md")["./build.sh Workflows --check"]);

        var serving = Follow("4-serving.md");
        Assert.Contains("'production' now serves bikes version 1", serving["./build.sh Deploy --model-version 1"]);
        Assert.Contains(serving.Where(command => command.Key.StartsWith("curl", StringComparison.Ordinal)),
            answer => answer.Value.Contains("\"version\":1", StringComparison.Ordinal));
        Assert.Contains("fine: the rows look like those that version 1 was trained on",
            serving["./build.sh Monitor --recent-rows data"]);
        Assert.Contains("nothing to do: ", serving["./build.sh Retrain --recent-rows data"]);
        Assert.Contains("Passed", serving["./build.sh Served"]);
        Assert.Contains("is tagged 'golden'", serving["./build.sh Tag --model-version 1 --named golden"]);
        Assert.Contains("artifacts/Report/index.html", serving["./build.sh Report"]);
        Assert.Contains("bikes", File.ReadAllText(_machine.PathOf($"{_folder}/artifacts/Report/index.html")));
    }

    /// <summary>What the README shows of this is the guide's, which is run.</summary>
    [Fact]
    public void TheReadmeTypesWhatThePageTypes()
    {
        var readme = File.ReadAllText(Path.Combine(PackedFolder.Repository, "README.md"));
        var page = new GuidePage("1-your-data.md");
        var typed = page.Steps.OfType<GuideStep.Type>().SelectMany(step => step.Commands).ToHashSet();
        var shown = GuidePage.CommandsAfter(readme, "## A model of your own").ToArray();
        Assert.Contains("dotnet new install MLBuild.Templates", shown);
        Assert.All(shown, command => Assert.Contains(command, typed));
    }

    private void Write(string page)
    {
        foreach (var file in new GuidePage(page).Steps.OfType<GuideStep.Write>())
            _machine.Write(Path.Combine(_folder, file.Path), file.Text);
    }

    // What each command printed; of a command that comes again, the last time.
    private Dictionary<string, string> Follow(string page)
    {
        var printed = new Dictionary<string, string>();
        foreach (var step in new GuidePage(page).Steps)
        {
            if (step is GuideStep.Write file)
                _machine.Write(Path.Combine(_folder, file.Path), file.Text);
            foreach (var command in (step as GuideStep.Type)?.Commands ?? [])
            {
                if (command.StartsWith("cd ", StringComparison.Ordinal))
                    _folder = command[3..];
                else if (command == "./build.sh Serve")
                    Serve();
                else
                    printed[command] = _machine.Run(
                        _folder, command.Replace("127.0.0.1:8090", $"127.0.0.1:{_port}", StringComparison.Ordinal));
            }
        }
        return printed;
    }

    // In another terminal, until it is ready; it ends with the test.
    private void Serve()
    {
        _port = FreePort.Find();
        _server = _machine.Start(_folder, $"./build.sh Serve --urls http://127.0.0.1:{_port} > served.log 2>&1");
        using var client = new HttpClient();
        for (var waited = 0; !IsReady(); waited++)
        {
            // Read then only: the shell makes it a moment after it was started.
            if (_server.HasExited || waited > 1_200)
                Assert.Fail(_machine.Read($"{_folder}/served.log"));
            Thread.Sleep(250);
        }

        bool IsReady()
        {
            try
            {
                return client.GetAsync($"http://127.0.0.1:{_port}/health/ready").Result.IsSuccessStatusCode;
            }
            catch (AggregateException)
            {
                return false;
            }
        }
    }

    // More in the afternoon, when it is warm, and on working days at eight and at five.
    private static string Rentals()
    {
        var random = new Random(20260301);
        var from = new DateTime(2026, 1, 1);
        return string.Concat(Enumerable.Range(0, 3_000).Select(i => Line(from.AddHours(i)))
            .Prepend("hour,temperature,humidity,holiday,rentals\n"));

        string Line(DateTime hour)
        {
            var temperature = 8 + (10 * Math.Sin((hour.DayOfYear - 30) / 58.0)) - (4 * Math.Cos(hour.Hour / 3.82))
                + (2 * random.NextDouble());
            var isFree = hour.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var rush = !isFree && hour.Hour is 8 or 17 ? 120 : 0;
            var rentals = Math.Max(0, Math.Round(
                (20 + (6 * temperature)) * (hour.Hour is < 6 ? 0.1 : 1) + rush + (12 * random.NextDouble())));
            return string.Create(CultureInfo.InvariantCulture, $"{hour:yyyy-MM-dd HH:mm:ss},"
                + $"{(random.Next(50) == 0 ? "" : $"{Math.Round(temperature, 1)}")},{random.Next(30, 100)},"
                + $"{(hour.DayOfYear == 1 ? "true" : "false")},{rentals}\n");
        }
    }

    public void Dispose()
    {
        _server?.Kill(entireProcessTree: true);
        _server?.WaitForExit();
        _server?.Dispose();
        _machine.Dispose();
    }
}
