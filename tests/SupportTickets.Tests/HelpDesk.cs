using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace SupportTickets.Tests;

/// <summary>A temporary project that the program of SupportTickets runs on: exports of a help desk, the database of a
/// shop, and the script that cleans exports.</summary>
internal sealed class HelpDesk : IDisposable
{
    private static readonly Lazy<string> Trained = new(MakeTrained);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-tickets-");

    public HelpDesk()
    {
        Directory.CreateDirectory(PathOf(".nuke"));
        Directory.CreateDirectory(PathOf("tickets"));
        Write("clean.awk", """
            # The monitoring writes tickets to see whether they arrive, and an export begins with comments.
            BEGIN { printf "" > kept }
            /^#/ || /"channel": "selftest"/ { next }
            { print > kept }

            """);
    }

    /// <summary>One with three months of tickets, on which the best options of a sweep were registered as version 1.
    /// Made once for all tests. Where the shop's database is belongs to what is fetched of it, so in this copy that is
    /// fetched anew.</summary>
    public static HelpDesk WithVersion1()
    {
        var desk = new HelpDesk();
        foreach (var file in Directory.EnumerateFiles(Trained.Value, "*", SearchOption.AllDirectories))
        {
            var copy = desk.PathOf(Path.GetRelativePath(Trained.Value, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        return desk;
    }

    public string PathOf(string relative) => Path.Combine(_folder.FullName, relative);

    public void Write(string relative, string text) => File.WriteAllText(PathOf(relative), text);

    public void AddMonth(string month, TicketWorld world) => Write($"tickets/{month}.jsonl", world.Export(month));

    public void Export(string relative, TicketWorld world, string month)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        Write(relative, world.Export(month));
    }

    /// <summary>Makes the shop's database, or adds to it what is not there.</summary>
    public void Sell(TicketWorld world)
    {
        Change("CREATE TABLE IF NOT EXISTS customers "
            + "(id INTEGER NOT NULL PRIMARY KEY, plan TEXT NOT NULL, country TEXT NOT NULL, since TIMESTAMP NOT NULL)");
        Change("INSERT OR IGNORE INTO customers VALUES " + string.Join(", ", world.Customers.Select(customer =>
            $"({customer.Id}, '{customer.Plan}', '{customer.Country}', '{customer.Since:yyyy-MM-dd HH:mm:ss}')")));
    }

    public void Change(string sql)
    {
        using var shop = new SqliteConnection($"Data Source={PathOf("shop.db")};Pooling=False");
        shop.Open();
        using var command = new SqliteCommand(sql, shop);
        command.ExecuteNonQuery();
    }

    public Answer Run(params string[] arguments)
    {
        using var process = Process.Start(Start([.. arguments, "--root", _folder.FullName]))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output + errors.Result);
    }

    /// <summary>Trains with the options of the sweep and registers.</summary>
    public Answer Register() => Run("Register", "--options-from", "Sweep").Succeeded();

    /// <summary>A metric of the last evaluation, over all held-out tickets.</summary>
    public double Metric(string id) => Report("Evaluate/evaluation.json").GetProperty("overall").GetProperty("metrics")
        .GetProperty("summary").EnumerateArray().Single(metric => $"{metric.GetProperty("id")}" == id)
        .GetProperty("value").GetDouble();

    /// <summary>By how much the log loss rises where a feature, or some that move together, are permuted.</summary>
    public double RiseWithout(string feature) => Report("Evaluate/evaluation.json").GetProperty("importance")
        .GetProperty("features").EnumerateArray().Single(one => $"{one.GetProperty("name")}" == feature)
        .GetProperty("rise").GetDouble();

    /// <summary>Starts the program as a server, or as a build.</summary>
    public ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var name in (string[])["MLBUILD_STORE", "CI", "GITHUB_ACTIONS"])
            start.Environment.Remove(name);
        return start;
    }

    public JsonElement Report(string artifact) =>
        JsonDocument.Parse(File.ReadAllText(PathOf($"artifacts/{artifact}"))).RootElement;

    public string Read(string artifact) => File.ReadAllText(PathOf($"artifacts/{artifact}"));

    public void Dispose() => _folder.Delete(recursive: true);

    // Compiled with the tests, as the same configuration.
    private static string Program
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(output.Parent!.Parent!.Parent!.Parent!.FullName, "SupportTickets", "bin",
                output.Parent.Name, output.Name, "SupportTickets.dll");
        }
    }

    private static string MakeTrained()
    {
        var desk = new HelpDesk();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => desk.Dispose();
        var world = new TicketWorld(seed: 1);
        desk.Sell(world);
        foreach (var month in (string[])["2024-01", "2024-02", "2024-03"])
            desk.AddMonth(month, world);
        desk.Run("Sweep", "--refuse-undeclared").Succeeded();
        desk.Run("Register", "--options-from", "Sweep", "--refuse-undeclared").Succeeded();
        return desk._folder.FullName;
    }
}

/// <summary>How a build ended and what it said.</summary>
internal sealed record Answer(int ExitCode, string Text)
{
    private const char NoBreakSpace = '\u00A0';

    /// <summary>The remark on each target in the table at the end, such as <c>Up to date: 3c1ab9e6</c>.</summary>
    public IReadOnlyDictionary<string, string> Remarks => Text.Split('\n').Select(line => line.TrimEnd('\r'))
        .Where(line => line.Contains($"{NoBreakSpace}// ", StringComparison.Ordinal))
        .ToDictionary(line => line.Split(NoBreakSpace)[0], line => line.Split($"{NoBreakSpace}// ")[1]);

    /// <summary>The stages whose code ran, all their partitions or some.</summary>
    public IEnumerable<string> Ran => Remarks
        .Where(remark => remark.Value.StartsWith("Ran: ", StringComparison.Ordinal))
        .Select(remark => remark.Value.Contains("partition", StringComparison.Ordinal)
            ? $"{remark.Key} {remark.Value[5..]}"
            : remark.Key);

    public Answer Succeeded()
    {
        Assert.True(ExitCode == 0, Text);
        return this;
    }
}
