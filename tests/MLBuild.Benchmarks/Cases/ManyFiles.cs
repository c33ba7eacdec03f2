using System.Security.Cryptography;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;
using MLBuild.Store;

namespace MLBuild.Benchmarks.Cases;

/// <summary>One stage that reads a hundred thousand small files: hashing them for the first time, beside a loop that
/// does nothing but hash, and finding them unchanged.</summary>
internal static class ManyFiles
{
    private const int Folders = 100;
    private const int FilesEach = 1000;
    private const int FileBytes = 1000;
    private const int Rounds = 7;
    private const int FirstRounds = 5;
    private const string Images = "images";

    // Files are remembered only once they are older than the grain of any file system's clock.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2.1);

    public static IEnumerable<Figure> Measure(Place place)
    {
        var checkout = place.Checkout;
        var files = Write(Path.Combine(checkout.Root, Images));
        checkout.Compile(BuildSource.ReadingFolder(Images));
        Thread.Sleep(ClockGrain);
        var trees = Path.Combine(place.Folder, "trees");
        Contender[] first =
        [
            // Each time as if nothing had been known.
            new("first hash of the folder", () => Sample.Of(() =>
                new FileTrees(Path.Combine(trees, $"{Guid.NewGuid():N}"), TimeProvider.System)
                    .Of(Path.Combine(checkout.Root, Images), FileSelection.Everything))),
            new("hashing alone", () => Sample.Of(() => Hash(files))),
            checkout.Cold() with { Name = "a whole first run, start-up included" },
        ];
        var timings = Series.Measure(FirstRounds, first);
        foreach (var figure in Figure.OfSeries("first hash of the folder", null, first, timings))
            yield return figure;
        yield return new("first hash to hashing alone", timings[0].MedianMs / timings[1].MedianMs, Unit.Times,
            new Goal.Below(1.5));

        Contender[] idle =
        [
            checkout.NothingToDo(stages: 1),
            new("asking for their sizes alone", () => Sample.Of(() => Parallel.ForEach(files, Size))),
        ];
        foreach (var figure in Figure.OfSeries(
            "nothing changed", new Goal.Below(600), idle, Series.Measure(Rounds, idle)))
            yield return figure;
    }

    private static void Hash(string[] files) =>
        Parallel.ForEach(files, file => SHA256.HashData(File.ReadAllBytes(file)));

    private static void Size(string file) => _ = new FileInfo(file).Length;

    private static string[] Write(string root)
    {
        var bytes = new byte[FileBytes];
        var random = new Random(1);
        var files = new string[Folders * FilesEach];
        for (var i = 0; i < files.Length; i++)
        {
            var folder = Path.Combine(root, $"{i / FilesEach:00}");
            if (i % FilesEach == 0)
                Directory.CreateDirectory(folder);
            random.NextBytes(bytes);
            files[i] = Path.Combine(folder, $"{i % FilesEach:000}.bin");
            File.WriteAllBytes(files[i], bytes);
        }
        return files;
    }
}
