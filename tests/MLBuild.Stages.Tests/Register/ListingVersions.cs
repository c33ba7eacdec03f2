using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Stages.Register;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Register;

/// <summary>A model's versions in a list, and all that is known of one.</summary>
public sealed class ListingVersions : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-stages-");
    private readonly MovingClock _clock = new();
    private readonly IModelRegistry _registry;

    public ListingVersions() =>
        _registry = new RegistryPlace.File(Path.Combine(_folder.FullName, "registry.db")).Open(_clock);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void NoVersionSaysHowToMakeOne() => Assert.Equal(
        ["sales has no versions yet: ./build.sh Register makes the first."],
        Lines(withArchived: false));

    [Fact]
    public void TheNewestStandsFirstWithWhereItServes()
    {
        Register("a", new("rmse", 2.5), new("mae", 1.25));
        Register("b", new("rmse", 2.25), new("r2", 0.9));
        Deploy(1, "staging");
        Deploy(2, "production");
        Deploy(2, "canary");
        Say(1, new Annotation.Tag("golden"));
        Say(1, new Annotation.Tag("summer"));

        Assert.Equal(
            [
                "version  model     created            gate    rmse  r2   mae   serves in           tags",
                $"2        {Short("b")}  2026-03-01 09:01Z  Passed  2.25  0.9  -     canary, production",
                $"1        {Short("a")}  2026-03-01 09:00Z  Passed  2.5   -    1.25  staging             golden, " +
                "summer",
            ],
            Lines(withArchived: false));
    }

    [Fact]
    public void AnArchivedVersionIsShownWhereItIsAskedFor()
    {
        Register("a");
        Register("b");
        Say(1, new Annotation.Archive("old"));

        Assert.Equal(
            [
                "version  model     created            gate    serves in  tags",
                $"2        {Short("b")}  2026-03-01 09:01Z  Passed",
                "1 archived version not shown; --with-archived does",
            ],
            Lines(withArchived: false));
        Assert.Equal(
            $"1        {Short("a")}  2026-03-01 09:00Z  Passed                   archived",
            Lines(withArchived: true).Last());
    }

    [Fact]
    public void OneVersionIsToldWithAllThatHappenedToItInOrder()
    {
        Register("a", new KeyValuePair<string, double>("rmse", 2.5));
        Say(1, new Annotation.Note("slow in the north"));
        Deploy(1, "production");
        Say(1, new Annotation.Tag("golden"));

        Assert.Equal(
            [
                "sales version 1, created 2026-03-01 09:00Z",
                $"model {ContentHash.Of("a")}",
                "rmse 2.5",
                "tags golden",
                "serves in 'production' since 2026-03-01 09:02Z",
                "",
                "when               by   what",
                $"2026-03-01 09:00Z  ann  evidence 1: gate Passed, evaluation {Short("evaluation")}",
                "2026-03-01 09:01Z  bob  note: slow in the north",
                "2026-03-01 09:02Z  ann  deployed to 'production'",
                "2026-03-01 09:03Z  bob  tagged 'golden'",
            ],
            VersionsCommand.Run(_registry, "sales", 1, withArchived: false, file: null, Page.Endless));
    }

    [Fact]
    public void TheListIsJsonWithNamesThatStay()
    {
        Register("a", new("rmse", 2.5), new("within-10-percent", 0.75));
        Register("b");
        Deploy(1, "production");
        Say(1, new Annotation.Tag("golden"));
        Say(2, new Annotation.Archive("old"));

        Assert.Equal(
            $$"""
            {
              "model": "sales",
              "versions": [
                {
                  "version": 1,
                  "modelHash": "{{ContentHash.Of("a")}}",
                  "createdUtc": "2026-03-01T09:00:00+00:00",
                  "gate": "Passed",
                  "metrics": {
                    "rmse": 2.5,
                    "within-10-percent": 0.75
                  },
                  "servesIn": [
                    "production"
                  ],
                  "tags": [
                    "golden"
                  ],
                  "isArchived": false
                }
              ],
              "archivedLeftOut": 1
            }

            """,
            Json("sales: its versions are", number: null));
    }

    [Fact]
    public void OneVersionIsJsonWithNamesThatStay()
    {
        Register("a", new KeyValuePair<string, double>("rmse", 2.5));
        Deploy(1, "production");
        Say(1, new Annotation.Note("slow"));

        Assert.Equal(
            $$"""
            {
              "model": "sales",
              "version": 1,
              "modelHash": "{{ContentHash.Of("a")}}",
              "createdUtc": "2026-03-01T09:00:00+00:00",
              "gate": "Passed",
              "metrics": {
                "rmse": 2.5
              },
              "tags": [],
              "isArchived": false,
              "serving": [
                {
                  "environment": "production",
                  "version": 1,
                  "sinceUtc": "2026-03-01T09:01:00+00:00"
                }
              ],
              "events": [
                {
                  "event": "evidence",
                  "number": 1,
                  "gate": "Passed",
                  "evaluationHash": "{{ContentHash.Of("evaluation")}}",
                  "whenUtc": "2026-03-01T09:00:00+00:00",
                  "who": "ann"
                },
                {
                  "event": "deployment",
                  "environment": "production",
                  "why": "weekly release",
                  "forcedReason": null,
                  "whenUtc": "2026-03-01T09:01:00+00:00",
                  "who": "ann"
                },
                {
                  "event": "annotation",
                  "kind": "Note",
                  "text": "slow",
                  "whenUtc": "2026-03-01T09:02:00+00:00",
                  "who": "bob"
                }
              ]
            }

            """,
            Json("sales version 1: all that is known of it is", number: 1));
    }

    [Fact]
    public void AFileOfAnotherFormIsRefused()
    {
        var picture = Path.Combine(_folder.FullName, "versions.svg");
        Assert.Equal(
            $"--file is '{picture}', expected a name with .json for all of it.",
            Assert.Throws<PipelineException>(() =>
                VersionsCommand.Run(
                    _registry, "sales", number: null, withArchived: false, picture, Page.Endless)).Message);
        Assert.False(File.Exists(picture));
    }

    [Fact]
    public void SayingSomethingIsAnsweredInASentence()
    {
        Register("a");
        (Annotation Annotation, string Done, string Again)[] cases =
        [
            (new Annotation.Note("slow"), "has a new note", "has this note already"),
            (new Annotation.Tag("golden"), "is tagged 'golden'", "is tagged 'golden' already"),
            (new Annotation.Untag("golden"), "is no longer tagged 'golden'", "is not tagged 'golden'"),
            (new Annotation.Archive("old"), "is archived: lists leave it out, and it cannot be deployed",
                "is archived already"),
            (new Annotation.Unarchive("needed"), "is no longer archived", "is not archived"),
        ];
        foreach (var (annotation, done, again) in cases)
        {
            Assert.Equal($"sales version 1 {done}", Run(annotation));
            Assert.Equal($"sales version 1 {again}; nothing changed", Run(annotation));
        }
    }

    private void Register(string bytes, params KeyValuePair<string, double>[] metrics)
    {
        _registry.Register(new(
            "sales", ContentHash.Of(bytes),
            new(ContentHash.Of("recipe"), ContentHash.Of("evaluation"), GateOutcome.Passed, new(metrics), new([])),
            "ann"));
        _clock.Now += TimeSpan.FromMinutes(1);
    }

    private void Deploy(int number, string environment)
    {
        _registry.Deploy(new("sales", environment, number, "ann", "weekly release"));
        _clock.Now += TimeSpan.FromMinutes(1);
    }

    private void Say(int number, Annotation annotation)
    {
        _registry.Annotate(new("sales", number, annotation, "bob"));
        _clock.Now += TimeSpan.FromMinutes(1);
    }

    private IEnumerable<string> Lines(bool withArchived) =>
        VersionsCommand.Run(_registry, "sales", number: null, withArchived, file: null, Page.Endless);

    private string Json(string what, int? number)
    {
        var file = Path.Combine(_folder.FullName, "versions.json");
        Assert.Equal(
            [$"{what} in '{file}'"],
            VersionsCommand.Run(_registry, "sales", number, withArchived: false, file, Page.Endless));
        return File.ReadAllText(file);
    }

    private string Run(Annotation annotation) => AnnotateCommand.Run(_registry, new("sales", 1, annotation, "ann"));

    private static string Short(string text) => ContentHash.Of(text).Short;
}

/// <summary>A clock that shows what it was set to.</summary>
internal sealed class MovingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
