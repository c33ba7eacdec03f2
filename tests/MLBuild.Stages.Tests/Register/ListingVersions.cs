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
        VersionList.Lines(_registry, "sales", withArchived: false));

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
            VersionList.Lines(_registry, "sales", withArchived: false));
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
            VersionList.Lines(_registry, "sales", withArchived: false));
        Assert.Equal(
            $"1        {Short("a")}  2026-03-01 09:00Z  Passed                   archived",
            VersionList.Lines(_registry, "sales", withArchived: true).Last());
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
            VersionList.Details(_registry, "sales", 1));
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

    private string Run(Annotation annotation) => AnnotateCommand.Run(_registry, new("sales", 1, annotation, "ann"));

    private static string Short(string text) => ContentHash.Of(text).Short;
}

/// <summary>A clock that shows what it was set to.</summary>
internal sealed class MovingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
