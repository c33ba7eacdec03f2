using MLBuild.Engine.Inspection;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Tests.Inspecting;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Features;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Tests.Register;
using MLBuild.Stages.Tests.Retrain;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Terminals;

/// <summary>The answers about versions as text: redirected, and on terminals of 80 and of 120 columns. What is said in
/// sentences stands in the log.</summary>
public sealed class FittingTerminals : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-stages-");
    private readonly MovingClock _clock = new();
    private readonly LocalArtifactStore _store;
    private readonly IModelRegistry _registry;

    public FittingTerminals()
    {
        _store = new(Path.Combine(_folder.FullName, "store"));
        _registry = new RegistryPlace.File(Path.Combine(_folder.FullName, "registry.db")).Open(_clock);
        Register("first", champion: "none", rmse: 3.25);
        Deploy(1, "production");
        Deploy(1, "staging");
        Register("second", champion: "v1", rmse: 3.125);
        Say(1, new Annotation.Tag("golden"));
        Say(1, new Annotation.Tag("before-the-new-zones"));
        Say(1, new Annotation.Note("Too low for trips to the airport at night; the zones of the new terminal are not " +
            "in its data, and until they are nobody should learn prices from it."));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Versions() => TerminalPages.AssertShown(
        page => VersionsCommand.Run(_registry, "sales", number: null, withArchived: false, file: null, page),
        """
        version  model     created            gate    rmse   mae   r2   within-10-percent  serves in            tags
        2        16367aac  2026-03-01 09:03Z  Passed  3.125  1.25  0.9  0.75
        1        a7937b64  2026-03-01 09:00Z  Passed  3.25   1.25  0.9  0.75               production, staging  golden, before-the-new-zones
        """,
        """
        version  model     created            gate    rmse   mae   r2
        2        16367aac  2026-03-01 09:03Z  Passed  3.125  1.25  0.9
        1        a7937b64  2026-03-01 09:00Z  Passed  3.25   1.25  0.9

        version  within-10-percent  serves in            tags
        2        0.75
        1        0.75               production, staging  golden, before-the-new-zones
        """,
        """
        version  model     created            gate    rmse   mae   r2   within-10-percent  serves in
        2        16367aac  2026-03-01 09:03Z  Passed  3.125  1.25  0.9  0.75
        1        a7937b64  2026-03-01 09:00Z  Passed  3.25   1.25  0.9  0.75               production, staging

        version  tags
        2
        1        golden, before-the-new-zones
        """);

    [Fact]
    public void OneVersion() => TerminalPages.AssertShown(
        page => VersionsCommand.Run(_registry, "sales", number: 1, withArchived: false, file: null, page),
        """
        sales version 1, created 2026-03-01 09:00Z
        model a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e
        rmse 3.25
        mae 1.25
        r2 0.9
        within-10-percent 0.75
        tags golden, before-the-new-zones
        serves in 'production' since 2026-03-01 09:01Z
        serves in 'staging' since 2026-03-01 09:02Z

        when               by   what
        2026-03-01 09:00Z  ann  evidence 1: gate Passed, evaluation 94c37048
        2026-03-01 09:01Z  ann  deployed to 'production'
        2026-03-01 09:02Z  ann  deployed to 'staging'
        2026-03-01 09:04Z  bob  tagged 'golden'
        2026-03-01 09:05Z  bob  tagged 'before-the-new-zones'
        2026-03-01 09:06Z  bob  note: Too low for trips to the airport at night; the zones of the new terminal are not in its data, and until they are nobody should learn prices from it.
        """,
        """
        sales version 1, created 2026-03-01 09:00Z
        model a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e
        rmse 3.25
        mae 1.25
        r2 0.9
        within-10-percent 0.75
        tags golden, before-the-new-zones
        serves in 'production' since 2026-03-01 09:01Z
        serves in 'staging' since 2026-03-01 09:02Z

        when               by   what
        2026-03-01 09:00Z  ann  evidence 1: gate Passed, evaluation 94c37048
        2026-03-01 09:01Z  ann  deployed to 'production'
        2026-03-01 09:02Z  ann  deployed to 'staging'
        2026-03-01 09:04Z  bob  tagged 'golden'
        2026-03-01 09:05Z  bob  tagged 'before-the-new-zones'
        2026-03-01 09:06Z  bob  note: Too low for trips to the airport at night; the
                                zones of the new terminal are not in its data, and until
                                they are nobody should learn prices from it.
        """,
        """
        sales version 1, created 2026-03-01 09:00Z
        model a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e
        rmse 3.25
        mae 1.25
        r2 0.9
        within-10-percent 0.75
        tags golden, before-the-new-zones
        serves in 'production' since 2026-03-01 09:01Z
        serves in 'staging' since 2026-03-01 09:02Z

        when               by   what
        2026-03-01 09:00Z  ann  evidence 1: gate Passed, evaluation 94c37048
        2026-03-01 09:01Z  ann  deployed to 'production'
        2026-03-01 09:02Z  ann  deployed to 'staging'
        2026-03-01 09:04Z  bob  tagged 'golden'
        2026-03-01 09:05Z  bob  tagged 'before-the-new-zones'
        2026-03-01 09:06Z  bob  note: Too low for trips to the airport at night; the zones of the new terminal are not in its
                                data, and until they are nobody should learn prices from it.
        """);

    [Fact]
    public void Served()
    {
        DeployAfterACanary();
        TerminalPages.AssertShown(
            page => ServedCommand.Run(_registry, _store, "sales", "production", at: null, file: null, page),
            """
            when               from  to  by   gate    evidence  by force                                      why
            2026-03-01 09:01Z  -     1   ann  Passed  94c37048                                                ./build.sh Deploy
            2026-03-01 09:07Z  1     2   bob  Passed  efad0959  somebody has looked at its errors by borough  Failed requests: 0 % of 755, the champion's 0 % of 789. Slow answers: 4 % of 755 take longer than 95 % of the champion's, at most 15 % are let through. Distance of the scores: 0.04, at most 0.2.
            """,
            """
            when               from  to  by   gate    evidence
            2026-03-01 09:01Z  -     1   ann  Passed  94c37048
            2026-03-01 09:07Z  1     2   bob  Passed  efad0959

            when               by force
            2026-03-01 09:01Z
            2026-03-01 09:07Z  somebody has looked at its errors by borough

            when               why
            2026-03-01 09:01Z  ./build.sh Deploy
            2026-03-01 09:07Z  Failed requests: 0 % of 755, the champion's 0 % of 789. Slow
                               answers: 4 % of 755 take longer than 95 % of the champion's,
                               at most 15 % are let through. Distance of the scores: 0.04,
                               at most 0.2.
            """,
            """
            when               from  to  by   gate    evidence  by force                           why
            2026-03-01 09:01Z  -     1   ann  Passed  94c37048                                     ./build.sh Deploy
            2026-03-01 09:07Z  1     2   bob  Passed  efad0959  somebody has looked at its errors  Failed requests: 0 % of 755, the
                                                                by borough                         champion's 0 % of 789. Slow
                                                                                                   answers: 4 % of 755 take longer
                                                                                                   than 95 % of the champion's, at
                                                                                                   most 15 % are let through.
                                                                                                   Distance of the scores: 0.04, at
                                                                                                   most 0.2.
            """);
    }

    [Fact]
    public void ServedAtAMoment()
    {
        DeployAfterACanary();
        TerminalPages.AssertShown(
            page => ServedCommand.Run(_registry, _store, "sales", "production", "2026-03-02", file: null, page),
            """
            At 2026-03-02 00:00Z 'production' served sales version 2 (16367aac).
            since 2026-03-01 09:07Z, in place of version 1
            until now
            deployed by bob: Failed requests: 0 % of 755, the champion's 0 % of 789. Slow answers: 4 % of 755 take longer than 95 % of the champion's, at most 15 % are let through. Distance of the scores: 0.04, at most 0.2.
            gate Passed, evidence 1, evaluation efad0959a24f87e6d43594e0c59722d940fe69e67da61d50392e4be1e995e6b3
            by force: somebody has looked at its errors by borough

            Compared with version 1 on the same 4,711 held-out rows.
            Gate passed: 1 check.
              pass          RMSE overall is 3.125, at most 4 is demanded, on 4,711 held-out rows of January and February.
            """,
            """
            At 2026-03-02 00:00Z 'production' served sales version 2 (16367aac).
            since 2026-03-01 09:07Z, in place of version 1
            until now
            deployed by bob: Failed requests: 0 % of 755, the champion's 0 % of 789. Slow
              answers: 4 % of 755 take longer than 95 % of the champion's, at most 15 % are
              let through. Distance of the scores: 0.04, at most 0.2.
            gate Passed, evidence 1, evaluation
              efad0959a24f87e6d43594e0c59722d940fe69e67da61d50392e4be1e995e6b3
            by force: somebody has looked at its errors by borough

            Compared with version 1 on the same 4,711 held-out rows.
            Gate passed: 1 check.
              pass          RMSE overall is 3.125, at most 4 is demanded, on 4,711 held-out
                rows of January and February.
            """,
            """
            At 2026-03-02 00:00Z 'production' served sales version 2 (16367aac).
            since 2026-03-01 09:07Z, in place of version 1
            until now
            deployed by bob: Failed requests: 0 % of 755, the champion's 0 % of 789. Slow answers: 4 % of 755 take longer than 95 %
              of the champion's, at most 15 % are let through. Distance of the scores: 0.04, at most 0.2.
            gate Passed, evidence 1, evaluation efad0959a24f87e6d43594e0c59722d940fe69e67da61d50392e4be1e995e6b3
            by force: somebody has looked at its errors by borough

            Compared with version 1 on the same 4,711 held-out rows.
            Gate passed: 1 check.
              pass          RMSE overall is 3.125, at most 4 is demanded, on 4,711 held-out rows of January and February.
            """);
    }

    [Fact]
    public void Status()
    {
        RollOut(RolloutChange.Started);
        RollOut(RolloutChange.Shared, percent: 25);
        Report("one", new("web1.north.example.com", 4711, 1, null)
        {
            Candidate = new(1, 2, null, 2, Counts(12_345), Counts(4_115)),
        });
        Report("two", new("web2", 12, 1, "The registry cannot be reached: it was asked five times in the last " +
            "minute. Answers with what it last knew.")
        {
            Candidate = new(1, 2, "its golden row 'b7' scores 12.5, expected 12.25", 2, Counts(0), Counts(0)),
        });
        TerminalPages.AssertShown(
            page => StatusText.Lines(_registry, "sales", "production", _clock.Now, page),
            """
            'production' serves sales version 1 since 2026-03-01 09:01Z, deployed by ann.
            version 2 is being rolled out (Canary): 25 % since 2026-03-01 09:08Z, by ann: Failed requests: 0 % of 755, the champion's 0 % of 789. Distance of the scores: 0.04, at most 0.2.
            since then 4,115 requests of the candidate (0 failed), 12,345 of the champion (0 failed)

            server                                 version  candidate                                        last said  fault
            web1.north.example.com (process 4711)  1        ready                                            now
            web2 (process 12)                      1        its golden row 'b7' scores 12.5, expected 12.25  now        The registry cannot be reached: it was asked five times in the last minute. Answers with what it last knew.
            """,
            """
            'production' serves sales version 1 since 2026-03-01 09:01Z, deployed by ann.
            version 2 is being rolled out (Canary): 25 % since 2026-03-01 09:08Z, by ann:
              Failed requests: 0 % of 755, the champion's 0 % of 789. Distance of the
              scores: 0.04, at most 0.2.
            since then 4,115 requests of the candidate (0 failed), 12,345 of the champion (0
              failed)

            server                                 version  candidate
            web1.north.example.com (process 4711)  1        ready
            web2 (process 12)                      1        its golden row 'b7' scores 12.5,
                                                            expected 12.25

            server                                 last said  fault
            web1.north.example.com (process 4711)  now
            web2 (process 12)                      now        The registry cannot be
                                                              reached: it was asked five
                                                              times in the last minute.
                                                              Answers with what it last
                                                              knew.
            """,
            """
            'production' serves sales version 1 since 2026-03-01 09:01Z, deployed by ann.
            version 2 is being rolled out (Canary): 25 % since 2026-03-01 09:08Z, by ann: Failed requests: 0 % of 755, the
              champion's 0 % of 789. Distance of the scores: 0.04, at most 0.2.
            since then 4,115 requests of the candidate (0 failed), 12,345 of the champion (0 failed)

            server                                 version  candidate                                        last said
            web1.north.example.com (process 4711)  1        ready                                            now
            web2 (process 12)                      1        its golden row 'b7' scores 12.5, expected 12.25  now

            server                                 fault
            web1.north.example.com (process 4711)
            web2 (process 12)                      The registry cannot be reached: it was asked five times in the last minute.
                                                   Answers with what it last knew.
            """);
    }

    [Fact]
    public void LineageOfAVersion()
    {
        var lineage = new VersionLineage(
            "sales", 1, new('d', 64), _clock.Now, GateOutcome.Passed, "Train",
            [
                new("Ingest/2019-01", new('a', 64), [], [new("data/trips-2019-01.csv", new('b', 64))], [], []),
                new("Train", new('c', 64), ["Ingest/2019-01"], [], [], []),
            ],
            [
                new("production", _clock.Now, null, "ann", "./build.sh Deploy",
                    "the one before answers nothing at all, and somebody has looked at this one"),
            ]);
        TerminalPages.AssertShown(
            page => LineageText.Lines(lineage).SelectMany(line => page.Wrap(line)),
            """
            sales version 1, created 2026-03-01 09:07Z, gate Passed
            model dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
            served in 'production' from 2026-03-01 09:07Z to now, deployed by ann, by force: the one before answers nothing at all, and somebody has looked at this one
            made by
              Train, recipe cccccccc
                Ingest/2019-01, recipe aaaaaaaa
                  data/trips-2019-01.csv  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
            """,
            """
            sales version 1, created 2026-03-01 09:07Z, gate Passed
            model dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
            served in 'production' from 2026-03-01 09:07Z to now, deployed by ann, by force:
              the one before answers nothing at all, and somebody has looked at this one
            made by
              Train, recipe cccccccc
                Ingest/2019-01, recipe aaaaaaaa
                  data/trips-2019-01.csv
                    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
            """,
            """
            sales version 1, created 2026-03-01 09:07Z, gate Passed
            model dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd
            served in 'production' from 2026-03-01 09:07Z to now, deployed by ann, by force: the one before answers nothing at all,
              and somebody has looked at this one
            made by
              Train, recipe cccccccc
                Ingest/2019-01, recipe aaaaaaaa
                  data/trips-2019-01.csv  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
            """);
    }

    [Fact]
    public void DiffOfVersions()
    {
        RecipeChange Change(RecipeKind kind, string name, string before, string after) =>
            new(new(kind, name, "text", before), new(kind, name, "text", after));
        var difference = new VersionDifference(
            _registry.Find("sales", 1), _registry.Find("sales", 2),
            [
                new("trips-2019-01.csv", null, new('a', 64)),
                new("trips-2019-02.csv", new('b', 64), new('c', 64)),
            ],
            [
                new("Train", Change(RecipeKind.Parameter, "LearningRate", "0.1", "0.05")),
                new("Features", Change(RecipeKind.Code, "Sales.Features.MinutesSinceTheShopOpened", new('d', 64),
                    new('e', 64))),
                new("Split", Change(RecipeKind.Code, "Sales.Features.MinutesSinceTheShopOpened", new('d', 64),
                    new('e', 64))),
            ],
            [new("rmse", 3.25, 3.125), new("within-10-percent", 0.75, null)], IsSameHoldOut: false);
        TerminalPages.AssertShown(
            page => DifferenceText.Lines(difference, page),
            """
            sales version 1 (a7937b64) -> sales version 2 (16367aac)
            data
              trips-2019-01.csv is new: aaaaaaaa
              trips-2019-02.csv changed: bbbbbbbb -> cccccccc
            parameters
              Train: parameter 'LearningRate' changed: 0.1 -> 0.05
            code
              code of Sales.Features.MinutesSinceTheShopOpened changed: dddddddd -> eeeeeeee (Features, Split)
            packages: the same
            stages: the same
            metrics, each on the rows held out from its own data
                                 version 1  version 2  difference
              rmse               3.25       3.125      -0.125
              within-10-percent  0.75       -          -
            """,
            """
            sales version 1 (a7937b64) -> sales version 2 (16367aac)
            data
              trips-2019-01.csv is new: aaaaaaaa
              trips-2019-02.csv changed: bbbbbbbb -> cccccccc
            parameters
              Train: parameter 'LearningRate' changed: 0.1 -> 0.05
            code
              code of Sales.Features.MinutesSinceTheShopOpened changed: dddddddd -> eeeeeeee
                (Features, Split)
            packages: the same
            stages: the same
            metrics, each on the rows held out from its own data
                                 version 1  version 2  difference
              rmse               3.25       3.125      -0.125
              within-10-percent  0.75       -          -
            """,
            """
            sales version 1 (a7937b64) -> sales version 2 (16367aac)
            data
              trips-2019-01.csv is new: aaaaaaaa
              trips-2019-02.csv changed: bbbbbbbb -> cccccccc
            parameters
              Train: parameter 'LearningRate' changed: 0.1 -> 0.05
            code
              code of Sales.Features.MinutesSinceTheShopOpened changed: dddddddd -> eeeeeeee (Features, Split)
            packages: the same
            stages: the same
            metrics, each on the rows held out from its own data
                                 version 1  version 2  difference
              rmse               3.25       3.125      -0.125
              within-10-percent  0.75       -          -
            """);
    }

    [Fact]
    public async Task SentencesOfTheLog()
    {
        var package = Path.Combine(_folder.FullName, "sales-1.mlbuild");
        using var retraining = new RetrainSpace();
        string[] said =
        [
            DeployCommand.Run(_registry, _store, new("sales", 1, "production", "ann", null)),
            DeployCommand.Run(_registry, _store, new("sales", 2, "production", "ann", null)),
            RolloutDecision.Rollback(_registry, _store, "sales", "production", "ann", "slower"),
            Promoted(),
            RolloutDecision.Rollback(_registry, _store, "sales", "production", "ann", "slower"),
            AnnotateCommand.Run(_registry, new("sales", 2, new Annotation.Archive("slower"), "ann")),
            ExportCommand.Run(_registry, _store, "sales", 1, package),
            ImportCommand.Run(
                new RegistryPlace.File(Path.Combine(_folder.FullName, "other.db")).Open(_clock), _store, "sales",
                package, "ann"),
            await retraining.Run(), .. retraining.Said,
            await retraining.Run(),
        ];
        TerminalPages.AssertShown(
            _ => said.Select(line =>
                $"09:00:00 [INF] {line.Replace(_folder.FullName, "/srv/team/sales", StringComparison.Ordinal)}"),
            """
            09:00:00 [INF] 'production' serves sales version 1 already; nothing changed
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] sales version 2 is archived: lists leave it out, and it cannot be deployed
            09:00:00 [INF] sales version 1 is in '/srv/team/sales/sales-1.mlbuild': 6 files, 4.4 KB
            09:00:00 [INF] sales version 1 is version 1 of where it was exported (a7937b64); deploy it with ./build.sh Deploy --model-version 1
            09:00:00 [INF] version 2 was deployed
            09:00:00 [INF] training anew because of drift in 2026-03: size: drift. price: drift.
            09:00:00 [INF] drift in 2026-03, but version 2, which serves, was retrained 2026-03-01 09:00Z: nothing is learned before 2026-03-02 09:00Z (--cool-down)
            """,
            """
            09:00:00 [INF] 'production' serves sales version 1 already; nothing changed
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] sales version 2 is archived: lists leave it out, and it cannot be
                           deployed
            09:00:00 [INF] sales version 1 is in '/srv/team/sales/sales-1.mlbuild': 6 files,
                           4.4 KB
            09:00:00 [INF] sales version 1 is version 1 of where it was exported (a7937b64);
                           deploy it with ./build.sh Deploy --model-version 1
            09:00:00 [INF] version 2 was deployed
            09:00:00 [INF] training anew because of drift in 2026-03: size: drift. price:
                           drift.
            09:00:00 [INF] drift in 2026-03, but version 2, which serves, was retrained
                           2026-03-01 09:00Z: nothing is learned before 2026-03-02 09:00Z
                           (--cool-down)
            """,
            """
            09:00:00 [INF] 'production' serves sales version 1 already; nothing changed
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] 'production' now serves sales version 2 instead of version 1
            09:00:00 [INF] 'production' serves sales version 1 again, instead of version 2
            09:00:00 [INF] sales version 2 is archived: lists leave it out, and it cannot be deployed
            09:00:00 [INF] sales version 1 is in '/srv/team/sales/sales-1.mlbuild': 6 files, 4.4 KB
            09:00:00 [INF] sales version 1 is version 1 of where it was exported (a7937b64); deploy it with ./build.sh Deploy
                           --model-version 1
            09:00:00 [INF] version 2 was deployed
            09:00:00 [INF] training anew because of drift in 2026-03: size: drift. price: drift.
            09:00:00 [INF] drift in 2026-03, but version 2, which serves, was retrained 2026-03-01 09:00Z: nothing is learned before
                           2026-03-02 09:00Z (--cool-down)
            """);
    }

    [Fact]
    public void WhatMonitorSays()
    {
        static MeanAndEnds Error(double mean) =>
            new(MetricValue.Of(mean), MetricValue.Of(mean - 0.125), MetricValue.Of(mean + 0.125));
        var performance = new PerformanceReport(
            "mean absolute error", 1481, 1481, PerformanceVerdict.Degraded, Error(1.25), Error(1.75), Error(1.5), 0);
        var report = new MonitorReport(2, WindowVerdict.Degraded,
            [
                new(new("2019-03", null, null), 2, WindowVerdict.Degraded,
                    [WindowVerdict.Drift, WindowVerdict.Degraded],
                    [
                        "mean absolute error has grown to 1.75 (1.6 to 1.9), on held-out rows 1.25 (1.1 to 1.4); " +
                        "labels of 1,481 of 1,481 rows (100 %).",
                        "area: drift.",
                    ],
                    1481, null!, null!, performance, []),
            ],
            []);
        TerminalPages.AssertShown(
            _ => MonitorText.Lines(report).Select(line => $"09:00:00 [INF] {line}"),
            """
            09:00:00 [INF] 2019-03: degraded, drift; 1,481 rows, mean absolute error 1.75
            09:00:00 [INF]   mean absolute error has grown to 1.75 (1.6 to 1.9), on held-out rows 1.25 (1.1 to 1.4); labels of 1,481 of 1,481 rows (100 %).
            09:00:00 [INF]   area: drift.
            09:00:00 [INF] degraded: version 2 predicts worse than it did when it was evaluated; train on recent data and let the gate compare
            """,
            """
            09:00:00 [INF] 2019-03: degraded, drift; 1,481 rows, mean absolute error 1.75
            09:00:00 [INF]   mean absolute error has grown to 1.75 (1.6 to 1.9), on held-out
                             rows 1.25 (1.1 to 1.4); labels of 1,481 of 1,481 rows (100 %).
            09:00:00 [INF]   area: drift.
            09:00:00 [INF] degraded: version 2 predicts worse than it did when it was
                           evaluated; train on recent data and let the gate compare
            """,
            """
            09:00:00 [INF] 2019-03: degraded, drift; 1,481 rows, mean absolute error 1.75
            09:00:00 [INF]   mean absolute error has grown to 1.75 (1.6 to 1.9), on held-out rows 1.25 (1.1 to 1.4); labels of 1,481
                             of 1,481 rows (100 %).
            09:00:00 [INF]   area: drift.
            09:00:00 [INF] degraded: version 2 predicts worse than it did when it was evaluated; train on recent data and let the
                           gate compare
            """);
    }

    private void Register(string bytes, string champion, double rmse)
    {
        ContentHash Stored(string text) => _store.AddText($"{text} of {bytes}");
        var model = _store.AddText(bytes);
        var evaluation = _store.AddText(ReportFile.Text(new GatedReport(
            model.Hex, "production", champion, "Compared with version 1 on the same 4,711 held-out rows.", new(
            [
                new(RuleKind.Threshold, "RMSE", null, rmse, null, null, null, 4711, new Outcome.Pass(),
                    $"RMSE overall is {rmse}, at most 4 is demanded, on 4,711 held-out rows of January and February."),
            ]))));
        _registry.Register(new(
            "sales", model,
            new(Stored("recipe"), evaluation, GateOutcome.Passed,
                new([new("rmse", rmse), new("mae", 1.25), new("r2", 0.9), new("within-10-percent", 0.75)]),
                new([
                    new(EvaluateStage.Golden, Stored("golden rows")), new(FeaturesStage.Code, Stored("code")),
                    new(FeaturesStage.State, Stored("state")),
                ])),
            "ann"));
        Pass();
    }

    private void Deploy(int number, string environment)
    {
        _registry.Deploy(new("sales", environment, number, "ann", "./build.sh Deploy"));
        Pass();
    }

    private void DeployAfterACanary()
    {
        _registry.Deploy(new("sales", "production", 2, "bob", "Failed requests: 0 % of 755, the champion's 0 % of " +
            "789. Slow answers: 4 % of 755 take longer than 95 % of the champion's, at most 15 % are let through. " +
            "Distance of the scores: 0.04, at most 0.2.")
        {
            Override = new("somebody has looked at its errors by borough"),
        });
        Pass();
    }

    private void RollOut(RolloutChange change, int percent = 0)
    {
        _registry.RollOut(new("sales", "production", 2, change, "ann",
            "Failed requests: 0 % of 755, the champion's 0 % of 789. Distance of the scores: 0.04, at most 0.2.")
        {
            Percent = percent,
        });
        Pass();
    }

    private string Promoted()
    {
        RollOut(RolloutChange.Started);
        return RolloutDecision.Promote(_registry, "sales", "production", "ann", "it is Friday, and all are awake");
    }

    private void Say(int number, Annotation annotation)
    {
        _registry.Annotate(new("sales", number, annotation, "bob"));
        Pass();
    }

    private void Report(string server, ServerStatus status) =>
        _registry.Report("sales", "production", server, status.ToJson());

    private void Pass() => _clock.Now += TimeSpan.FromMinutes(1);

    private static TrafficCounts Counts(int requests)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[10]);
        (latencies[12], scores[4]) = (requests, requests);
        return new(requests, 0, [.. latencies], [.. scores]);
    }
}
