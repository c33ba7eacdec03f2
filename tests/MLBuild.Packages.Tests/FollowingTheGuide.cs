using System.Globalization;

namespace MLBuild.Packages.Tests;

/// <summary>Who starts with an empty folder, and writes and types what the guide shows, gets what it promises: every
/// file of its pages is compiled and every command is run.</summary>
public sealed class FollowingTheGuide : IDisposable
{
    private readonly NewMachine _machine = new();
    private string _folder = "";

    [UnixFact]
    public void FromAnEmptyFolderToAModelThatServesAndIsWatched()
    {
        _machine.Write("rentals.csv", Rentals());
        var start = Follow(new("1-your-data.md"));
        Assert.Contains("bikes version 1 registered", start["./build.sh Register"]);
        Assert.Contains("its gate passed", start["./build.sh Register"]);
        Assert.Matches(@"Passed:\s+1\b", start["./build.sh Test"]);
    }

    // What each command printed; of a command that comes again, the last time.
    private Dictionary<string, string> Follow(GuidePage page)
    {
        var printed = new Dictionary<string, string>();
        foreach (var step in page.Steps)
        {
            if (step is GuideStep.Write file)
                _machine.Write(Path.Combine(_folder, file.Path), file.Text);
            foreach (var command in (step as GuideStep.Type)?.Commands ?? [])
            {
                if (command.StartsWith("cd ", StringComparison.Ordinal))
                    _folder = command[3..];
                else
                    printed[command] = _machine.Run(_folder, command);
            }
        }
        return printed;
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

    public void Dispose() => _machine.Dispose();
}
