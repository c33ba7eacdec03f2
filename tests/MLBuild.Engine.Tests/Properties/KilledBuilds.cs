using System.Diagnostics;
using System.Runtime.InteropServices;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using Xunit.Abstractions;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>A build that is killed at any instant: the same command then ends right, and what had finished is not run
/// again.</summary>
[Collection(nameof(Processes))]
public sealed class KilledBuilds(ITestOutputHelper output)
{
    private const int Files = 24;
    private const int KillsInARow = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void RerunEndsRightAndFinishedWorkIsNotRepeated(int seed)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        using var space = new TestSpace(folder.Path);
        for (var i = 0; i < Files; i++)
            space.Write($"f{i:00}.csv", $"{seed} {i}");
        Declare(space);

        for (var kill = 0; kill < KillsInARow; kill++)
        {
            var finished = Finished(space);
            var begun = RunAndKill(folder.Path, lines: random.Next(1, Files / 2), spins: random.Next(100_000));
            output.WriteLine($"killed with {Finished(space).Length} of {Files + 2} finished");
            Assert.Empty(begun.Intersect(finished));
        }

        var done = Finished(space);
        Assert.DoesNotContain(space.Run(), e => e.What is "failed" or "not run");
        Assert.Empty(space.Observer.Begun.Intersect(done));
        Assert.Empty(space.Run());
        Assert.Equal(Expected(seed), space.Artifacts().ToDictionary(path => path, space.Output));
        Assert.Empty(StoreLayout.FilesIn(space["store/work"]));
        Assert.All(Directory.GetFiles(space["store/cas"], "*", SearchOption.AllDirectories)
            .Where(path => !AtomicFile.IsTemporary(path)),
            path => Assert.Equal(Path.GetFileName(path), FileHasher.Hash(path).Hex));
    }

    /// <summary>The child: runs the pipeline and says when it begins a piece of work.</summary>
    private static void Main(string[] arguments)
    {
        using var space = new TestSpace(arguments[0]);
        Declare(space);
        using var runner = space.Runner(observer: new() { OnLine = Console.WriteLine });
        space.Outcomes(runner).GetAwaiter().GetResult();
        Console.WriteLine("end");
    }

    // Many short pieces of work, so that much of the time goes into publishing.
    private static void Declare(TestSpace space) => space
        .WithStage("ingest", reads: string.Join(' ', Enumerable.Range(0, Files).Select(i => $"f{i:00}.csv")),
            writes: "rows plots/", body: run =>
        {
            run.Log($"ingest/{run.Source.Key}");
            var text = File.ReadAllText(run.Source.Path);
            File.WriteAllText(run.Output("rows"), Big(text));
            for (var i = 0; i < 5; i++)
                File.WriteAllText(Path.Combine(run.Output("plots/"), $"{i}.svg"), $"{text} {i}");
        })
        .WithStage("join", reads: "ingest/rows", body: run =>
        {
            run.Log("join");
            File.WriteAllText(run.Output("out.txt"),
                string.Concat(run.Inputs("rows").Select(input => File.ReadAllText(input.Path))));
        })
        .WithStage("sum", reads: "join", body: run =>
        {
            run.Log("sum");
            File.WriteAllText(run.Output("out.txt"), $"{File.ReadAllText(run.Input("out.txt")).Length}");
        });

    private static string Big(string text) => string.Concat(Enumerable.Repeat(text + "\n", 20_000));

    private static Dictionary<string, string> Expected(int seed)
    {
        var texts = Enumerable.Range(0, Files).Select(i => $"{seed} {i}").ToArray();
        var join = string.Concat(texts.Select(Big));
        return texts.SelectMany((text, f) => Enumerable.Range(0, 5)
                .Select(i => KeyValuePair.Create($"ingest/f{f:00}/plots/{i}.svg", $"{text} {i}"))
                .Append(KeyValuePair.Create($"ingest/f{f:00}/rows", Big(text))))
            .Append(KeyValuePair.Create("join/out.txt", join))
            .Append(KeyValuePair.Create("sum/out.txt", $"{join.Length}"))
            .ToDictionary();
    }

    private static string[] Finished(TestSpace space) =>
        [.. space.Workspace().Records.All().Select(record => record.Stage)];

    private static string[] RunAndKill(string folder, int lines, int spins)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        using var child =
            Process.Start(new ProcessStartInfo(dotnet, ["exec", typeof(KilledBuilds).Assembly.Location, folder])
            {
                RedirectStandardOutput = true,
            })!;
        var begun = new List<string>();
        while (begun.Count < lines && child.StandardOutput.ReadLine() is { } line)
            begun.Add(line);
        Thread.SpinWait(spins);
        child.Kill();
        begun.AddRange(child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        child.WaitForExit();
        return [.. begun];
    }
}
