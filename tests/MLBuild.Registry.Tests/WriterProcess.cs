using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace MLBuild.Registry.Tests;

/// <summary>Another process that uses a registry: this assembly, started as a program.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;

    private WriterProcess(Process process) => _process = process;

    /// <summary>Registers models one after the other and prints each number once it has it.</summary>
    /// <param name="place">What <c>--registry</c> takes.</param>
    public static WriterProcess Registering(string place, string bytesPrefix, int count) =>
        Start("register", place, bytesPrefix, $"{count}");

    /// <summary>Stops in the middle of a registration, as the only writer, after it printed a line.</summary>
    public static WriterProcess StoppedWhileRegistering(string place) => Start("stop", place);

    /// <summary>Stops in the middle of a transaction whose changes are already half in a SQLite file, after it printed
    /// a line.</summary>
    public static WriterProcess StoppedHalfWritten(string file) => Start("half-write", file);

    /// <summary>Asks what serves, and prints the fault with its message, or nothing.</summary>
    public static WriterProcess Asking(string place, Dictionary<string, string> environment) =>
        Start(environment, "ask", place);

    /// <summary>Asks what serves, and prints which of these assemblies that loaded.</summary>
    public static WriterProcess Loading(string place, params string[] assemblies) =>
        Start([], ["load", place, .. assemblies]);

    /// <summary>Does what <see cref="MixedWork"/> does, and prints what came of it.</summary>
    public static WriterProcess Mixing(string place, int worker, int operations, int seed) =>
        Start("mix", place, $"{worker}", $"{operations}", $"{seed}");

    public string? ReadLine() => _process.StandardOutput.ReadLine();

    public List<string> ReadToEnd()
    {
        var lines = new List<string>();
        while (ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    /// <summary>The other side: what the process does.</summary>
    public static void Main(string[] args)
    {
        switch (args)
        {
            case ["register", var place, var prefix, var count]:
                var registry = Open(place, new SettableClock());
                for (var i = 1; i <= int.Parse(count, CultureInfo.InvariantCulture); i++)
                    Console.WriteLine(registry.Register(TaxiModel.Candidate($"{prefix}{i}")).Version.Number);
                break;
            case ["stop", var place]:
                Open(place, new StoppedClock()).Register(TaxiModel.Candidate("never"));
                break;
            case ["ask", var place]:
                try
                {
                    Open(place, new SettableClock()).Serving(TaxiModel.Name, "production");
                }
                catch (RegistryException e)
                {
                    Console.WriteLine($"{e.Fault}: {e.Message}");
                }
                break;
            case ["mix", var place, var worker, var operations, var seed]:
                // Patient: many wait for one another, and none is to give up.
                new MixedWork(
                    RegistryPlace.Parse(place, folder: "/").Open(new SettableClock(), busyTimeoutSeconds: 600),
                    int.Parse(worker, CultureInfo.InvariantCulture),
                    ulong.Parse(seed, CultureInfo.InvariantCulture))
                    .Run(int.Parse(operations, CultureInfo.InvariantCulture), Console.Out);
                break;
            case ["load", var place, .. var assemblies]:
                Open(place, TimeProvider.System).Serving(TaxiModel.Name, "production");
                foreach (var name in AppDomain.CurrentDomain.GetAssemblies().Select(each => each.GetName().Name))
                    if (assemblies.Contains(name))
                        Console.WriteLine(name);
                break;
            case ["half-write", var file]:
                HalfWrite(file);
                break;
            default:
                throw new ArgumentException($"BUG: no such work: {string.Join(' ', args)}");
        }
    }

    private static IModelRegistry Open(string place, TimeProvider clock) =>
        RegistryPlace.Parse(place, folder: "/").Open(clock);

    // With a cache of one page SQLite must put changed pages into the file long before the commit.
    private static void HalfWrite(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA cache_size = 1;
            BEGIN IMMEDIATE;
            DROP TRIGGER deployment_refuses_UPDATE;
            UPDATE deployment SET who = hex(zeroblob(5000)), to_number = 2, from_number = 2;
            CREATE TABLE filler (value BLOB);
            INSERT INTO filler
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
            SELECT randomblob(5000) FROM n;
            """;
        command.ExecuteNonQuery();
        Stop();
    }

    private static void Stop()
    {
        Console.WriteLine("stopped");
        // Ends, at the latest, with the process that started this one and holds the other end.
        Console.In.ReadToEnd();
        Environment.Exit(1);
    }

    private static WriterProcess Start(params string[] args) => Start([], args);

    private static WriterProcess Start(Dictionary<string, string> environment, params string[] args)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ belongs to <root>/dotnet, wherever this one came from.
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet");
        var start = new ProcessStartInfo(dotnet, [typeof(WriterProcess).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            Stop();
            return default;
        }
    }
}
