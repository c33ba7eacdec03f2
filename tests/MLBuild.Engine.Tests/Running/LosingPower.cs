using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A machine that lost power: files of the last runs have their names but not their bytes. The same command
/// then gives the right result, without anything to do by hand.</summary>
public sealed class LosingPower
{
    private static readonly string[] Kinds =
        ["store/cas", "store/ac", "store/last", "store/hashes", "store/trees", "store/locks", "artifacts"];

    /// <summary>How a file comes back. Zeros keep its length, as some file systems do.</summary>
    public enum Loss
    {
        Zeroed,
        Empty,
        Cut,
        Gone,
    }

    public static TheoryData<string, Loss> EveryKind()
    {
        var data = new TheoryData<string, Loss>();
        foreach (var kind in Kinds)
        {
            foreach (var loss in Enum.GetValues<Loss>())
                data.Add(kind, loss);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void AllFilesOfOneKind(string kind, Loss loss)
    {
        using var space = AfterTwoRuns();
        var struck = FilesOf(space, kind);
        Assert.NotEmpty(struck);
        foreach (var path in struck)
            Strike(path, loss);
        EndsRight(space);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void AnyFilesOfAllKinds(int seed)
    {
        using var space = AfterTwoRuns();
        var random = new Random(seed);
        for (var cut = 0; cut < 3; cut++)
        {
            foreach (var path in Kinds.SelectMany(kind => FilesOf(space, kind)).Where(_ => random.Next(3) == 0))
                Strike(path, (Loss)random.Next(4));
            EndsRight(space);
        }
    }

    // FileIdentity.IsSettled's, and some.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(30);

    private static TestSpace AfterTwoRuns()
    {
        var space = Declared();
        space.Run();
        space.Write("jan.csv", "new");
        space.Write("zones/a", "new");
        space.Run();
        // Until the caches trust all files: change times cannot be set back.
        Thread.Sleep(ClockGrain);
        space.Run();
        return space;
    }

    private static TestSpace Declared()
    {
        var space = new TestSpace { HasSystemClock = true }
            .With("jan.csv", "1").With("feb.csv", "2").With("zones/a", "x").With("zones/b", "y")
            .WithStage("ingest", reads: "jan.csv feb.csv", writes: "rows plots/")
            .WithStage("split", reads: "ingest")
            .WithStage("train", reads: "split", body: run => File.WriteAllText(run.Output("out.txt"),
                File.ReadAllText(run.Input("out.txt")) +
                string.Concat(run.Files("zones/").Select(file => File.ReadAllText(file.Path)))));
        space.Stage("train").Files = [FilePattern.Parse("zones/")];
        return space;
    }

    private static string[] FilesOf(TestSpace space, string kind) => File.Exists(space[kind])
        ? [space[kind]]
        : [.. StoreLayout.FilesIn(space[kind]).Select(file => Path.Combine(space[kind], file))];

    private static void Strike(string path, Loss loss)
    {
        var size = new FileInfo(path).Length;
        File.SetAttributes(path, FileAttributes.Normal);
        switch (loss)
        {
            case Loss.Zeroed:
                File.WriteAllBytes(path, new byte[size]);
                break;
            case Loss.Empty:
                File.WriteAllBytes(path, []);
                break;
            case Loss.Cut:
                using (var file = File.OpenWrite(path))
                    file.SetLength(size / 2);
                break;
            case Loss.Gone:
                File.Delete(path);
                break;
        }
    }

    private static void EndsRight(TestSpace space)
    {
        Assert.DoesNotContain(space.Run(), e => e.What is "failed" or "not run");
        using var clean = Declared();
        clean.Write("jan.csv", "new");
        clean.Write("zones/a", "new");
        clean.Run();
        Assert.Equal(clean.Artifacts().ToDictionary(path => path, clean.Output),
            space.Artifacts().ToDictionary(path => path, space.Output));
        // What follows a later change is right too, although it reads what the cut may have left in the store.
        space.Write("feb.csv", "newer");
        clean.Write("feb.csv", "newer");
        Assert.DoesNotContain(space.Run(), e => e.What is "failed" or "not run");
        clean.Run();
        Assert.Equal(clean.Artifacts().ToDictionary(path => path, clean.Output),
            space.Artifacts().ToDictionary(path => path, space.Output));
        space.Write("feb.csv", "2");
        space.Run();
    }
}
