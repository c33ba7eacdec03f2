using System.Globalization;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;
using MLBuild.Store;

namespace MLBuild.Benchmarks.Cases;

/// <summary>Artifacts, Why and Show on a store with a hundred thousand artifacts, beside a store with what one run
/// gives, and beside reading all records.</summary>
internal static class LookingAround
{
    private const int Stages = 12;
    private const int Results = 100_000;
    private const int Rounds = 9;

    // Folders are believed only once they are older than the grain of any file system's clock.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(2.1);

    public static IEnumerable<Figure> Measure(Place place)
    {
        var checkout = place.Checkout;
        checkout.Compile(BuildSource.Of(StageGraph.Diamond(Stages), "NukeBuild, IInspectArtifacts"));
        var (small, large) = (Path.Combine(place.Folder, "small"), Path.Combine(place.Folder, "large"));
        foreach (var store in (string[])[small, large])
            On(store, StageGraph.Last).Run();
        var hash = Fill(large);
        Thread.Sleep(ClockGrain);
        string[][] questions =
        [
            ["Artifacts"], ["Artifacts", "--of-stage", "S0"], ["Why", "--of-stage", StageGraph.Last],
            ["Show", "--artifact", "S1/name.txt"], ["Show", "--artifact", hash.Hex[..12]],
        ];
        yield return Figure.Of("the first question, which makes the index",
            Series.Measure(0, new Contender("first", On(large, questions[0]).Run))[0]);
        foreach (var question in questions)
        {
            Contender[] contenders =
            [
                new("100,000 artifacts", On(large, question).Run),
                // What it does not have cannot be asked of it.
                .. question[^1] == hash.Hex[..12] ? []
                    : (Contender[])[new($"{Stages} artifacts", On(small, question).Run)],
            ];
            foreach (var figure in Figure.OfSeries(string.Join(' ', question).Replace(hash.Hex[..12], "HASH"),
                new Goal.Below(300), contenders, Series.Measure(Rounds, contenders)))
                yield return figure;
        }
        Contender[] others =
        [
            new("start-up alone (--help)", checkout.Launch("--help").Run),
            new("reading every record", () => Sample.Of(() => _ = new ActionRecords(large).All().Count())),
        ];
        foreach (var (other, timings) in others.Zip(Series.Measure(3, others)))
            yield return Figure.Of(other.Name, timings);

        Command On(string store, params string[] arguments) => checkout.Launch(arguments) with
        {
            Environment = new Dictionary<string, string?>(Repository.Environment) { ["MLBUILD_STORE"] = store },
        };
    }

    // Older results of the stages, each with a recipe and an artifact of its own.
    private static ContentHash Fill(string root)
    {
        var (store, records) = (new LocalArtifactStore(root), new ActionRecords(root));
        var last = records.All().ToArray();
        var hash = last[0].Fingerprint;
        for (var i = last.Length; i < Results; i++)
        {
            var record = last[i % last.Length];
            var named = record.Stage + i.ToString(CultureInfo.InvariantCulture);
            hash = store.AddText(named);
            records.Put(new(
                store.AddText(store.ReadText(record.Fingerprint)
                    .Replace($"\tstring\t{record.Stage}\n", $"\tstring\t{named}\n", StringComparison.Ordinal) +
                    $"parameter\tOlder\tint\t{i}\n"),
                record.Stage, [new(record.Outputs[0].Name, new(hash, ArtifactKind.File, named.Length))],
                record.FinishedAt - TimeSpan.FromMinutes(i), record.Duration));
        }
        return hash;
    }
}
