using System.Collections.Concurrent;
using System.Diagnostics;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using Xunit.Abstractions;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>Builds of random pipelines that are killed at any instant (kill -9): nothing half-done passes for a result,
/// the next build ends right, and what had finished is not done again.</summary>
[Collection(nameof(Processes))]
public sealed class KilledBuilds(ITestOutputHelper output)
{
    private const int KillsOfASeed = 10;

    private static readonly ConcurrentDictionary<string, int> Left = new();

    // How long a build of the children takes; found out while killing.
    private static double _spanMs = 150;

    public static TheoryData<int> KillSeeds => Seeds.OfKills(first: 5001, kills: 50, KillsOfASeed);

    [Theory]
    [MemberData(nameof(KillSeeds))]
    public async Task NextBuildEndsRightAndFinishedWorkIsNotRepeated(int seed)
    {
        using var folder = TempFolder.InMemory();
        using var pipeline = ChildBuild.Pipeline(folder.Path, seed, changes: 0);
        // The pipeline's own draws are repeated by the child.
        var random = new Random(seed);
        var (kills, changes) = (0, 0);
        while (kills < KillsOfASeed)
        {
            var children = new List<(HashSet<ContentHash> Finished, string[] Begun)>();
            // Often the one that finds what a killed build left is killed too.
            for (var more = true; more; more = kills < KillsOfASeed && random.Chance(50))
            {
                var finished = Finished(pipeline);
                var (begun, killed) = RunAndKill(folder.Path, seed, changes, random);
                children.Add((finished, begun));
                kills += killed ? 1 : 0;
                AssertNothingIsHalf(pipeline);
            }
            try
            {
                await AssertNextBuildIsRight(pipeline, children);
            }
            catch (Exception e)
            {
                Assert.Fail($"after kill {kills} and {changes} changes; {Seeds.Alone(seed)}\n{e}\n{pipeline.Now}");
            }
            for (var more = random.Next(3, 9); more > 0; more--, changes++)
                pipeline.Change();
        }
        output.WriteLine(string.Join(", ",
            Left.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}: {count.Value}")));
    }

    private (string[] Begun, bool Killed) RunAndKill(string folder, int seed, int changes, Random random)
    {
        using var child = ChildBuild.Start(folder, seed, changes);
        var before = new Traces(folder);
        var lines = new List<string>();
        switch (random.Next(8))
        {
            case 0 or 1:
                Thread.Sleep(TimeSpan.FromMilliseconds(_spanMs * random.NextDouble()));
                break;
            case 2:
                ReadUntil(line => line == ChildBuild.Drained);
                Spin(atMostMs: 2);
                break;
            default:
                // Storing, recording and putting in place follow within milliseconds of a stage's last line.
                var works = random.Next(1, 4);
                ReadUntil(line => line == ChildBuild.Drained
                    || (line.StartsWith(ChildBuild.Work, StringComparison.Ordinal) && --works == 0));
                Spin(atMostMs: 6);
                break;
        }
        child.Kill();
        lines.AddRange(child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        child.WaitForExit();
        var killed = !lines.Contains(ChildBuild.End);
        _spanMs = Math.Clamp(_spanMs * (killed ? 1.04 : 0.85), 10, 2000);
        if (killed)
        {
            var where = before.Where(new Traces(folder), lines.Contains(ChildBuild.Drained));
            Left.AddOrUpdate(where, 1, (_, count) => count + 1);
        }
        return ([.. lines.Where(line => line.StartsWith(ChildBuild.Work, StringComparison.Ordinal))
            .Select(line => line[ChildBuild.Work.Length..])], killed);

        void ReadUntil(Func<string, bool> enough)
        {
            while (child.StandardOutput.ReadLine() is { } line)
            {
                lines.Add(line);
                if (enough(line))
                    return;
            }
        }

        void Spin(double atMostMs)
        {
            var until = Stopwatch.GetTimestamp() + (long)(Stopwatch.Frequency * atMostMs * random.NextDouble() / 1000);
            while (Stopwatch.GetTimestamp() < until)
                Thread.SpinWait(10);
        }
    }

    private static HashSet<ContentHash> Finished(RandomPipeline pipeline) =>
        [.. pipeline.Space.Workspace().Records.All().Select(record => record.Fingerprint)];

    private static void AssertNothingIsHalf(RandomPipeline pipeline)
    {
        var workspace = pipeline.Space.Workspace();
        foreach (var path in Directory.Exists(pipeline.Space["store/cas"])
            ? Directory.GetFiles(pipeline.Space["store/cas"], "*", SearchOption.AllDirectories) : [])
        {
            if (!AtomicFile.IsTemporary(path))
                Assert.Equal(Path.GetFileName(path), FileHasher.Hash(path).Hex);
        }
        Assert.All(workspace.Records.All(), record =>
        {
            Assert.True(workspace.Artifacts.Contains(new(record.Fingerprint, ArtifactKind.File,
                new FileInfo(StoreLayout.CasPath(pipeline.Space.StoreFolder, record.Fingerprint)).Length)));
            Assert.All(record.Outputs, item => Assert.True(workspace.Artifacts.Contains(item.Artifact)));
        });
        Assert.All(pipeline.Space.Artifacts().Where(file => !file.Contains(".tmp-")),
            file => Assert.EndsWith(pipeline.Padding, pipeline.Space.Output(file)));
    }

    private static async Task AssertNextBuildIsRight(
        RandomPipeline pipeline, List<(HashSet<ContentHash> Finished, string[] Begun)> children)
    {
        string[] all = [.. pipeline.Now.Nodes.Select(node => node.Name)];
        children.Add((Finished(pipeline), []));
        pipeline.Later();
        var built = await pipeline.Build(all);
        children[^1] = (children[^1].Finished, built.Begun);
        Assert.All(built.Outcomes.Values, outcome => Assert.IsType<StageOutcome.Done>(outcome));
        pipeline.AssertRight(built);

        var fingerprints = built.Units.ToDictionary(unit => unit.Unit.Name, unit => unit.Record.Fingerprint);
        foreach (var (finished, begun) in children)
            Assert.DoesNotContain(begun.Where(unit => !pipeline.Now[unit.Split('/')[0]].IsEffect),
                unit => finished.Contains(fingerprints[unit]));

        var again = await pipeline.Build(all);
        Assert.All(again.Units, unit => Assert.True(unit.Verdict is Verdict.UpToDate or Verdict.Effect));
        Assert.Empty(StoreLayout.FilesIn(pipeline.Space["store/work"]));
    }
}
