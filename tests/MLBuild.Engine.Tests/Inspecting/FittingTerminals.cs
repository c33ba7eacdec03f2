using System.Text.RegularExpressions;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>The answers about a store as text: redirected, and on terminals of 80 and of 120 columns. That of Artifacts
/// is in <see cref="ListingArtifacts"/>, of History in ListingRuns, of Graph in DrawingStages.</summary>
public sealed partial class FittingTerminals : IDisposable
{
    private readonly TestSpace _space = new TestSpace { HasSystemClock = true }
        .With("trips-2019-01.csv", "1").With("trips-2019-02.csv", "2")
        .WithStage("ReadTrips", reads: "trips-2019-01.csv trips-2019-02.csv", writes: "rows.txt quarantine.csv")
        .WithStage("TrainFares", reads: "ReadTrips/rows.txt", writes: "model.zip training.json notes.txt",
            options: new Training(0.1, 300))
        .WithStage("JudgeFares", reads: "TrainFares/model.zip", writes: "report.json plots/", body: run =>
        {
            File.WriteAllText(run.Output("report.json"), "{}");
            Directory.CreateDirectory(run.Output("plots/"));
            File.WriteAllText(Path.Combine(run.Output("plots/"),
                "errors by borough, hour and distance, on held-out trips of two months.svg"), "1");
        });

    private sealed record Training(double LearningRate, int Iterations);

    public FittingTerminals() => _space.Run();

    [Fact]
    public void Show() => AssertShown(
        page => ShownArtifact.Answer(_space.Pipeline(), _space.Workspace(), Item("JudgeFares/plots/"),
            new(_space.Pipeline(), _space.Workspace(), _space.Code, [new("JudgeFares")]),
            new(_space.Workspace(), () =>
                [new("version 1 (production, staging, and an environment of which the name is long)", Kept)]),
            [], null, page).In(null),
        """
        JudgeFares/plots/, 1 B
        fc832a40a8bc901375b1a5299011211fc42baef265afcd44ccc47f6929d7ed83
        fresh; written 0000-00-00 00:00 UTC in 0.00 s by recipe 00000000
        its run is not among those that are kept here
        read by no stage
        kept by version 1 (production, staging, and an environment of which the name is long)

        1 file, 1 B
        file                                                                       size  hash
        errors by borough, hour and distance, on held-out trips of two months.svg   1 B  6b86b273
        """,
        """
        JudgeFares/plots/, 1 B
        fc832a40a8bc901375b1a5299011211fc42baef265afcd44ccc47f6929d7ed83
        fresh; written 0000-00-00 00:00 UTC in 0.00 s by recipe 00000000
        its run is not among those that are kept here
        read by no stage
        kept by version 1 (production, staging, and an environment of which the name is
          long)

        1 file, 1 B
        file                                                              size  hash
        errors by borough, hour and distance, on held-out trips of two …   1 B  6b86b273
        """,
        """
        JudgeFares/plots/, 1 B
        fc832a40a8bc901375b1a5299011211fc42baef265afcd44ccc47f6929d7ed83
        fresh; written 0000-00-00 00:00 UTC in 0.00 s by recipe 00000000
        its run is not among those that are kept here
        read by no stage
        kept by version 1 (production, staging, and an environment of which the name is long)

        1 file, 1 B
        file                                                                       size  hash
        errors by borough, hour and distance, on held-out trips of two months.svg   1 B  6b86b273
        """);

    [Fact]
    public void Why()
    {
        _space.Stage("TrainFares").Options = new Training(0.05, 500);
        _space.Run("TrainFares");
        _space.Stage("TrainFares").Options = new Training(0.025, 1000);
        _space.Write("trips-2019-02.csv", "3");
        AssertShown(
            page =>
            {
                var forecast = new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code);
                var stage = _space.Pipeline().Find("TrainFares");
                return StageReasons.Answer(stage, forecast.Of(stage.Name), forecast.History(stage.Name), page)
                    .In(null);
            },
            """
            ReadTrips/trips-2019-02: would run because input 'trips-2019-02.csv' changed: d4735e3a -> 4e074085
            TrainFares: would run because parameter 'Iterations' changed: 500 -> 1000; parameter 'LearningRate' changed: 0.05 -> 0.025; what ReadTrips gives may add to that

            TrainFares was built 0000-00-00 00:00 UTC in 0.00 s, recipe 00000000. Compared with the build before it:
              parameter 'Iterations' changed: 300 -> 500
              parameter 'LearningRate' changed: 0.1 -> 0.05
            """,
            """
            ReadTrips/trips-2019-02: would run because input 'trips-2019-02.csv' changed:
              d4735e3a -> 4e074085
            TrainFares: would run because parameter 'Iterations' changed: 500 -> 1000;
              parameter 'LearningRate' changed: 0.05 -> 0.025; what ReadTrips gives may add
              to that

            TrainFares was built 0000-00-00 00:00 UTC in 0.00 s, recipe 00000000. Compared
              with the build before it:
              parameter 'Iterations' changed: 300 -> 500
              parameter 'LearningRate' changed: 0.1 -> 0.05
            """,
            """
            ReadTrips/trips-2019-02: would run because input 'trips-2019-02.csv' changed: d4735e3a -> 4e074085
            TrainFares: would run because parameter 'Iterations' changed: 500 -> 1000; parameter 'LearningRate' changed: 0.05 ->
              0.025; what ReadTrips gives may add to that

            TrainFares was built 0000-00-00 00:00 UTC in 0.00 s, recipe 00000000. Compared with the build before it:
              parameter 'Iterations' changed: 300 -> 500
              parameter 'LearningRate' changed: 0.1 -> 0.05
            """);
    }

    [Fact]
    public void DryRun()
    {
        _space.Write("trips-2019-02.csv", "3");
        _space.Write("trips-2019-01.csv", "4");
        AssertShown(
            _ =>
            {
                var said = new DryRun(new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code)
                    .Of(_space.Pipeline().InOrder.Select(stage => stage.Name), new HashSet<StageName>(),
                        Selection.Everything), _space.Workspace().Records.All());
                return [.. _space.Pipeline().InOrder.SelectMany(stage => said.Of(stage.Name)), said.Summary()];
            },
            """
            ReadTrips: 2 of 2 partitions would run (trips-2019-01: input 'trips-2019-01.csv' changed: 6b86b273 -> 4b227777; trips-2019-02: input 'trips-2019-02.csv' changed: d4735e3a -> 4e074085)
            TrainFares: depends on what ReadTrips gives, which would run first
            JudgeFares: depends on what TrainFares gives, which is not decided either
            1 stage would run, 2 stages may run; about 0.00 s of work by past runs, up to 0.00 s if all that may run does
            """,
            """
            ReadTrips: 2 of 2 partitions would run (trips-2019-01: input 'trips-2019-01.csv'
              changed: 6b86b273 -> 4b227777; trips-2019-02: input 'trips-2019-02.csv'
              changed: d4735e3a -> 4e074085)
            TrainFares: depends on what ReadTrips gives, which would run first
            JudgeFares: depends on what TrainFares gives, which is not decided either
            1 stage would run, 2 stages may run; about 0.00 s of work by past runs, up to
              0.00 s if all that may run does
            """,
            """
            ReadTrips: 2 of 2 partitions would run (trips-2019-01: input 'trips-2019-01.csv' changed: 6b86b273 -> 4b227777;
              trips-2019-02: input 'trips-2019-02.csv' changed: d4735e3a -> 4e074085)
            TrainFares: depends on what ReadTrips gives, which would run first
            JudgeFares: depends on what TrainFares gives, which is not decided either
            1 stage would run, 2 stages may run; about 0.00 s of work by past runs, up to 0.00 s if all that may run does
            """);
    }

    [Fact]
    public void Logs()
    {
        _space.Stage("TrainFares").Body = run =>
        {
            run.Log("LightGbm, 300 trees of at most 127 leaves; 2,359 rows of 20 features, of which 4 are " +
                "categories, and one more");
            run.Log("  tree  300  loss 2.125");
            throw new InvalidOperationException("Train on more rows: 2,359 are fewer than the 5,000 that were asked " +
                "for by the one who wrote this stage.");
        };
        _space.Stage("TrainFares").Version = "2";
        _space.Run("TrainFares");
        AssertShown(
            // Then comes where in the code it was thrown.
            page => new StageLogs(_space.Workspace()).Of(_space.Pipeline().Find("TrainFares"), null, page).In(null)
                .TakeWhile(line => !line.StartsWith("   at ", StringComparison.Ordinal)),
            """
            TrainFares failed 0000-00-00 00:00 UTC
            what it had written: store/failed/TrainFares/out

            LightGbm, 300 trees of at most 127 leaves; 2,359 rows of 20 features, of which 4 are categories, and one more
              tree  300  loss 2.125

            System.InvalidOperationException: Train on more rows: 2,359 are fewer than the 5,000 that were asked for by the one who wrote this stage.
            """,
            """
            TrainFares failed 0000-00-00 00:00 UTC
            what it had written: store/failed/TrainFares/out

            LightGbm, 300 trees of at most 127 leaves; 2,359 rows of 20 features, of which 4
              are categories, and one more
              tree  300  loss 2.125

            System.InvalidOperationException: Train on more rows: 2,359 are fewer than the
              5,000 that were asked for by the one who wrote this stage.
            """,
            """
            TrainFares failed 0000-00-00 00:00 UTC
            what it had written: store/failed/TrainFares/out

            LightGbm, 300 trees of at most 127 leaves; 2,359 rows of 20 features, of which 4 are categories, and one more
              tree  300  loss 2.125

            System.InvalidOperationException: Train on more rows: 2,359 are fewer than the 5,000 that were asked for by the one who
              wrote this stage.
            """);
    }

    [Fact]
    public void Prune()
    {
        _space.Stage("TrainFares").Options = new Training(0.05, 500);
        _space.Run("TrainFares");
        _space.Workspace().Pins.Add(new(Item("ReadTrips/trips-2019-01/rows.txt").Record.Fingerprint,
            "ReadTrips/trips-2019-01/rows.txt", "the paper of May 2019 and the one that answers it have its numbers"));
        StoreAge.Add(_space.StoreFolder, days: 40);
        AssertShown(
            _ => PruneText.Of(new(_space.Workspace(), new HashSet<ContentHash>(), TimeSpan.FromDays(30), 100),
                [_space["store/failed/TrainFares/log.txt"]], _space.Workspace(), 100),
            """
            TrainFares 00000000: model.zip, training.json, notes.txt; used 40 days ago, frees 624 B, took 0.00 s to make
            leftover failed/TrainFares/log.txt
            stays: ReadTrips/trips-2019-01/rows.txt, recipe 00000000, pinned (the paper of May 2019 and the one that answers it have its numbers)
            1 result would go; the store's artifacts would take 1.6 KB instead of 2.2 KB
            That is more than 100 B: the rest is current, pinned, registered, or may belong to a build that runs.
            """,
            """
            TrainFares 00000000: model.zip, training.json, notes.txt; used 40 days ago,
              frees 624 B, took 0.00 s to make
            leftover failed/TrainFares/log.txt
            stays: ReadTrips/trips-2019-01/rows.txt, recipe 00000000, pinned (the paper of
              May 2019 and the one that answers it have its numbers)
            1 result would go; the store's artifacts would take 1.6 KB instead of 2.2 KB
            That is more than 100 B: the rest is current, pinned, registered, or may belong
              to a build that runs.
            """,
            """
            TrainFares 00000000: model.zip, training.json, notes.txt; used 40 days ago, frees 624 B, took 0.00 s to make
            leftover failed/TrainFares/log.txt
            stays: ReadTrips/trips-2019-01/rows.txt, recipe 00000000, pinned (the paper of May 2019 and the one that answers it have
              its numbers)
            1 result would go; the store's artifacts would take 1.6 KB instead of 2.2 KB
            That is more than 100 B: the rest is current, pinned, registered, or may belong to a build that runs.
            """);
    }

    [Fact]
    public void Verify()
    {
        _space.Damage(_space.Output("TrainFares/model.zip"));
        _space.Write("artifacts/JudgeFares/report.json", "edited");
        _space.Lose(_space.Output("ReadTrips/trips-2019-01/quarantine.csv"));
        var report = new StoreVerification(_space.Workspace()).Run(default);
        // As the build writes them.
        AssertShown(
            _ => [$"checked {report}", .. report.Faults.Select(fault => $"  - {fault}")],
            """
            checked 9 artifacts (1.6 KB), 4 records and 9 copies
              - ReadTrips/trips-2019-01/rows.txt: artifact 534d5d37 is not in the store. ReadTrips/trips-2019-01 will run again when next needed.
              - ReadTrips/trips-2019-01/quarantine.csv: artifact 534d5d37 is not in the store. ReadTrips/trips-2019-01 will run again when next needed.
              - TrainFares/model.zip: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as 'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again when next needed.
              - TrainFares/training.json: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as 'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again when next needed.
              - TrainFares/notes.txt: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as 'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again when next needed.
              - artifacts/JudgeFares/report.json is not what the store has. The next run puts it back.
            """,
            """
            checked 9 artifacts (1.6 KB), 4 records and 9 copies
              - ReadTrips/trips-2019-01/rows.txt: artifact 534d5d37 is not in the store.
                ReadTrips/trips-2019-01 will run again when next needed.
              - ReadTrips/trips-2019-01/quarantine.csv: artifact 534d5d37 is not in the
                store. ReadTrips/trips-2019-01 will run again when next needed.
              - TrainFares/model.zip: Artifact f577cc6b is corrupt: its bytes hash to
                4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'.
                TrainFares will run again when next needed.
              - TrainFares/training.json: Artifact f577cc6b is corrupt: its bytes hash to
                4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'.
                TrainFares will run again when next needed.
              - TrainFares/notes.txt: Artifact f577cc6b is corrupt: its bytes hash to
                4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'.
                TrainFares will run again when next needed.
              - artifacts/JudgeFares/report.json is not what the store has. The next run
                puts it back.
            """,
            """
            checked 9 artifacts (1.6 KB), 4 records and 9 copies
              - ReadTrips/trips-2019-01/rows.txt: artifact 534d5d37 is not in the store. ReadTrips/trips-2019-01 will run again when
                next needed.
              - ReadTrips/trips-2019-01/quarantine.csv: artifact 534d5d37 is not in the store. ReadTrips/trips-2019-01 will run
                again when next needed.
              - TrainFares/model.zip: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again
                when next needed.
              - TrainFares/training.json: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again
                when next needed.
              - TrainFares/notes.txt: Artifact f577cc6b is corrupt: its bytes hash to 4297f059. It was quarantined as
                'quarantine/f577cc6bd4f780a77b11507a9ae728b760a11580b158ea1f6ffd958289882e31-4297f059'. TrainFares will run again
                when next needed.
              - artifacts/JudgeFares/report.json is not what the store has. The next run puts it back.
            """);
    }

    [Fact]
    public async Task Reproduce()
    {
        var lines = await new Reproduction(
            _space.Pipeline(), _space.Workspace(), _space.Code, new TestObserver(), [])
            .Run(_space.Pipeline().Find("TrainFares"), deep: true, default);
        AssertShown(
            _ => lines.Select(line => line.ToString()),
            """
            ReadTrips/trips-2019-01: reproduced bit for bit (rows.txt 534d5d37, quarantine.csv 534d5d37, 0.00 s)
            ReadTrips/trips-2019-02: reproduced bit for bit (rows.txt 9accd4c8, quarantine.csv 9accd4c8, 0.00 s)
            TrainFares: reproduced bit for bit (model.zip f577cc6b, training.json f577cc6b, notes.txt f577cc6b, 0.00 s)
            """,
            """
            ReadTrips/trips-2019-01: reproduced bit for bit (rows.txt 534d5d37,
              quarantine.csv 534d5d37, 0.00 s)
            ReadTrips/trips-2019-02: reproduced bit for bit (rows.txt 9accd4c8,
              quarantine.csv 9accd4c8, 0.00 s)
            TrainFares: reproduced bit for bit (model.zip f577cc6b, training.json f577cc6b,
              notes.txt f577cc6b, 0.00 s)
            """,
            """
            ReadTrips/trips-2019-01: reproduced bit for bit (rows.txt 534d5d37, quarantine.csv 534d5d37, 0.00 s)
            ReadTrips/trips-2019-02: reproduced bit for bit (rows.txt 9accd4c8, quarantine.csv 9accd4c8, 0.00 s)
            TrainFares: reproduced bit for bit (model.zip f577cc6b, training.json f577cc6b, notes.txt f577cc6b, 0.00 s)
            """);
    }

    public void Dispose() => _space.Dispose();

    private HashSet<ContentHash> Kept => [Item("JudgeFares/plots/").Artifact.Hash];

    private ArtifactInventory.Item Item(string name) => new ArtifactInventory(_space.Workspace()).Find(name);

    private static void AssertShown(
        Func<Page, IEnumerable<string>> answer, string redirected, string at80, string at120) =>
        TerminalPages.AssertShown(page => answer(page).Select(Still), redirected, at80, at120);

    private static string Still(string line) => Moving().Replace(line, match =>
        string.Concat(match.Value.Select(c => char.IsAsciiHexDigit(c) ? '0' : c)));

    // The time that work took, when it was done, and recipes, which have the engine's own version.
    [GeneratedRegex(@"(?<=recipe |^[A-Z]\w+ )[0-9a-f]{8}|\d+\.\d\d(?= s\b)|\d{4}-\d\d-\d\d \d\d:\d\d(?= UTC)")]
    private static partial Regex Moving();
}
