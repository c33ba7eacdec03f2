using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: notes, tags and the archive are an append-only log, and its replay is the state.</summary>
public abstract class AnnotatingVersions<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private const string Production = "production";

    private readonly TPlace _place = new();
    private readonly SettableClock _clock = new();
    private readonly IModelRegistry _registry;

    protected AnnotatingVersions()
    {
        _registry = _place.Open(_clock);
        _registry.Register(Candidate("a"));
        _registry.Register(Candidate("b"));
    }

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void WhatIsSaidIsKeptWithWhoAndWhen()
    {
        Annotation[] said =
        [
            new Annotation.Note("slow in Queens"), new Annotation.Tag("golden"), new Annotation.Untag("golden"),
            new Annotation.Archive("too slow"), new Annotation.Unarchive("needed again"),
        ];
        foreach (var annotation in said)
        {
            Assert.IsType<Annotated.Changed>(_registry.Annotate(On(2, annotation) with { Who = "bob" }));
            _clock.Now += TimeSpan.FromMinutes(1);
        }

        Assert.Equal(
            said.Select((annotation, i) => new RecordedAnnotation(
                i + 1, 2, annotation, "bob", SettableClock.Start.AddMinutes(i))),
            _place.Open(_clock).Annotations(Name));
    }

    [ContractFact]
    public void ReplayingTheLogGivesTheState()
    {
        Say(1, new Annotation.Tag("golden"));
        Say(1, new Annotation.Tag("summer"));
        Say(2, new Annotation.Tag("golden"));
        Say(1, new Annotation.Note("first"));
        Say(1, new Annotation.Untag("golden"));
        Say(2, new Annotation.Archive("old"));
        Say(1, new Annotation.Note("second"));

        var one = Marks(1);
        Assert.Equal(["summer"], one.Tags);
        Assert.Equal(["first", "second"], one.Notes.Select(entry => ((Annotation.Note)entry.Annotation).Text));
        Assert.Null(one.Archived);
        Assert.Equal(["golden"], Marks(2).Tags);
        Assert.Equal(6, Marks(2).Archived!.Position);

        // Every earlier moment is a prefix of the log.
        Assert.Equal(
            ["golden", "summer"], VersionMarks.Of(_registry.Annotations(Name).Take(4), number: 1).Tags);
        Say(2, new Annotation.Unarchive("back"));
        Assert.Null(Marks(2).Archived);
    }

    [ContractFact]
    public void SayingItTwiceIsSayingItOnce()
    {
        Annotation[] said =
            [new Annotation.Note("slow"), new Annotation.Tag("golden"), new Annotation.Archive("old")];
        foreach (var annotation in said)
            Say(1, annotation);

        foreach (var annotation in said)
            Assert.IsType<Annotated.Unchanged>(_registry.Annotate(On(1, annotation) with { Who = "bob" }));
        Assert.IsType<Annotated.Unchanged>(_registry.Annotate(On(1, new Annotation.Untag("silver"))));
        Assert.IsType<Annotated.Unchanged>(_registry.Annotate(On(2, new Annotation.Unarchive("never was"))));
        Assert.Equal(3, _registry.Annotations(Name).Count);
    }

    [ContractFact]
    public void AnArchivedVersionIsNotDeployedUntilItIsTakenBack()
    {
        Say(2, new Annotation.Archive("too slow"));

        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not deployed to 'production': it was archived (2026-11-20 08:30Z, by "
            + "ann: too slow). Take it back first: ./build.sh Unarchive --model-version 2 --because \"...\".",
            Refused(RegistryFault.Archived, () => _registry.Deploy(To(Production, 2))).Message);
        Refused(
            RegistryFault.Archived,
            () => _registry.Deploy(To(Production, 2) with { Override = new("I want to") }));
        Assert.Empty(_registry.History(Name, Production));

        Say(2, new Annotation.Unarchive("fast enough now"));
        Assert.IsType<Deployed.Changed>(_registry.Deploy(To(Production, 2)));
    }

    [ContractFact]
    public void WhatServesIsNotArchived()
    {
        _registry.Deploy(To(Production, 1));
        _registry.Deploy(To("staging", 1));

        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not archived: it serves in 'production' and 'staging'. Deploy another "
            + "version there first: ./build.sh Deploy --model-version N.",
            Refused(
                RegistryFault.StillServing,
                () => _registry.Annotate(On(1, new Annotation.Archive("old")))).Message);
        Assert.Empty(_registry.Annotations(Name));

        _registry.Deploy(To(Production, 2));
        _registry.Deploy(To("staging", 2));
        Say(1, new Annotation.Archive("old"));
        Assert.Equal([1, 2], _registry.History(Name, Production).Select(entry => entry.To));
    }

    [ContractFact]
    public void OfAnArchiveAndADeploymentAtOnceOneComesFirst()
    {
        var results = AtOnce.Run(2, worker =>
        {
            try
            {
                if (worker == 0)
                    _place.Open(_clock).Deploy(To(Production, 1));
                else
                    _place.Open(_clock).Annotate(On(1, new Annotation.Archive("old")));
                return (RegistryFault?)null;
            }
            catch (RegistryException e)
            {
                return e.Fault;
            }
        });

        var archived = Marks(1).Archived is not null;
        Assert.Equal(archived ? null : 1, _registry.ServingNumber(Production));
        Assert.Equal(archived ? [RegistryFault.Archived, null] : [null, RegistryFault.StillServing], results);
    }

    [ContractFact]
    public void AnUnknownVersionIsNamed() => Assert.Equal(
        "Model 'taxi-fare' has no version 9. Versions: 1..2.",
        Refused(RegistryFault.UnknownVersion, () => _registry.Annotate(On(9, new Annotation.Note("?")))).Message);

    [ContractFact]
    public void WhatCannotBeSaidIsRefused()
    {
        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not noted: who does it is empty, expected a person or a build; the "
            + "note is empty, expected a sentence.",
            Refused(
                RegistryFault.InvalidRequest,
                () => _registry.Annotate(On(1, new Annotation.Note(" ")) with { Who = "" })).Message);
        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not tagged: tag 'Golden one' is not a name, expected 1 to 100 of a-z, "
            + "0-9, '-', '_' and '.', starting with a letter or digit.",
            Refused(
                RegistryFault.InvalidRequest,
                () => _registry.Annotate(On(1, new Annotation.Tag("Golden one")))).Message);
        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not archived: why is empty, expected a sentence.",
            Refused(
                RegistryFault.InvalidRequest, () => _registry.Annotate(On(1, new Annotation.Archive("")))).Message);
        Assert.Empty(_registry.Annotations(Name));
    }

    [ContractFact]
    public void ModelsAreAnnotatedApart()
    {
        _registry.Register(Candidate("a") with { ModelName = "taxi-tip" });
        Say(1, new Annotation.Tag("golden"));

        Assert.Empty(_registry.Annotations("taxi-tip"));
    }

    [ContractFact]
    public void EnvironmentsAreThoseThatWereDeployedTo()
    {
        Assert.Empty(_registry.Environments(Name));
        _registry.Deploy(To("staging", 1));
        _registry.Deploy(To(Production, 1));
        _registry.Deploy(To(Production, 2));

        Assert.Equal([Production, "staging"], _registry.Environments(Name));
        Assert.Empty(_registry.Environments("taxi-tip"));
    }

    [ContractFact]
    public void ArchivingFreesNoArtifact()
    {
        var before = _registry.ReferencedArtifacts();
        Say(2, new Annotation.Tag("golden"));
        Say(2, new Annotation.Archive("old"));

        Assert.Equal(before.Order(), _registry.ReferencedArtifacts().Order());
    }

    private void Say(int number, Annotation annotation) =>
        Assert.IsType<Annotated.Changed>(_registry.Annotate(On(number, annotation)));

    private VersionMarks Marks(int number) => VersionMarks.Of(_registry.Annotations(Name), number);
}

public sealed class AnnotatingVersionsInSqlite : AnnotatingVersions<SqlitePlace>;

public sealed class AnnotatingVersionsInPostgreSql : AnnotatingVersions<PostgreSqlPlace>;
