using MLBuild.Store;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: versions are numbered by content, and their evidence grows.</summary>
public abstract class RegisteringModels<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private readonly TPlace _place = new();
    private readonly SettableClock _clock = new();
    private readonly IModelRegistry _registry;

    protected RegisteringModels() => _registry = _place.Open(_clock);

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void NewBytesGetTheNextNumber()
    {
        var first = Assert.IsType<Registered.New>(_registry.Register(Candidate("a")));
        var second = Assert.IsType<Registered.New>(_registry.Register(Candidate("b")));

        Assert.Equal(1, first.Version.Number);
        Assert.Equal(2, second.Version.Number);
    }

    [ContractFact]
    public void EachModelNameCountsForItself()
    {
        _registry.Register(Candidate("a"));
        var other = _registry.Register(Candidate("a") with { ModelName = "taxi-tip" });

        Assert.Equal(1, Assert.IsType<Registered.New>(other).Version.Number);
        Assert.Single(_registry.Versions(Name));
    }

    [ContractFact]
    public void AllThatWasGivenComesBackFromAnotherInstance()
    {
        _clock.Now += TimeSpan.FromTicks(1);
        var registered = _registry.Register(Candidate("a")).Version;

        var found = _place.Open(_clock).Find(Name, 1);
        Assert.Equal(new ModelVersion(Name, 1, ContentHash.Of("a"), _clock.Now, 1, Evidence()), found);
        Assert.Equal(registered, found);
        Assert.Equal(["rmse", "r2"], found.Evidence.Metrics.Select(metric => metric.Key));
        Assert.Equal(["recipe/Train", "golden-rows"], found.Evidence.Attachments.Select(artifact => artifact.Key));
    }

    [ContractFact]
    public void EvidenceMayBeBare()
    {
        var bare = Evidence() with
        {
            InputSchemaHash = null,
            Metrics = NamedValues<double>.None,
            Attachments = NamedValues<ContentHash>.None,
        };
        _registry.Register(Candidate("a") with { Evidence = bare });

        Assert.Equal(bare, _registry.Find(Name, 1).Evidence);
    }

    [ContractTheory]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(0.1 + 0.2)]
    [InlineData(-1e-310)]
    [InlineData(9007199254740993.0)]
    public void MetricsKeepEveryBit(double value)
    {
        _registry.Register(Candidate("a") with { Evidence = Evidence() with { Metrics = new([new("m", value)]) } });

        Assert.Equal(
            BitConverter.DoubleToInt64Bits(value),
            BitConverter.DoubleToInt64Bits(_registry.Find(Name, 1).Evidence.Metrics["m"]));
    }

    [ContractFact]
    public void TwiceIsOnce()
    {
        var first = _registry.Register(Candidate("a"));
        _clock.Now += TimeSpan.FromDays(1);
        var again = _registry.Register(Candidate("a") with { Who = "bob" });

        Assert.Equal(first.Version, Assert.IsType<Registered.Unchanged>(again).Version);
        Assert.Equal("ann", Assert.Single(_registry.EvidenceHistory(Name, 1)).Who);
    }

    [ContractFact]
    public void OrderOfMetricsAndAttachmentsIsNoNews()
    {
        var evidence = Evidence();
        _registry.Register(Candidate("a"));
        var again = _registry.Register(Candidate("a") with
        {
            Evidence = evidence with
            {
                Metrics = new(evidence.Metrics.Reverse()),
                Attachments = new(evidence.Attachments.Reverse()),
            },
        });

        Assert.IsType<Registered.Unchanged>(again);
    }

    [ContractFact]
    public void SameBytesWithNewEvidenceKeepTheirNumber()
    {
        var created = _clock.Now;
        _registry.Register(Candidate("a", GateOutcome.Inconclusive, "against v1"));
        _clock.Now += TimeSpan.FromHours(1);
        var result = _registry.Register(Candidate("a", GateOutcome.Passed, "against v2") with { Who = "bob" });

        var version = Assert.IsType<Registered.Reevaluated>(result).Version;
        Assert.Equal((1, 2, created), (version.Number, version.EvidenceNumber, version.CreatedUtc));
        Assert.Equal(version, Assert.Single(_registry.Versions(Name)));
        Assert.Equal(Evidence(GateOutcome.Passed, "against v2"), version.Evidence);
        Assert.Equal(
            [
                new RecordedEvidence(1, Evidence(GateOutcome.Inconclusive, "against v1"), "ann", created),
                new RecordedEvidence(2, Evidence(GateOutcome.Passed, "against v2"), "bob", _clock.Now),
            ],
            _registry.EvidenceHistory(Name, 1));
    }

    [ContractFact]
    public void EachPartOfTheEvidenceCounts()
    {
        var evidence = Evidence();
        Evidence[] variants =
        [
            evidence,
            evidence with { LineageHash = ContentHash.Of("x") },
            evidence with { EvaluationHash = ContentHash.Of("x") },
            evidence with { Gate = GateOutcome.Failed },
            evidence with { InputSchemaHash = null },
            evidence with { Metrics = new([new("rmse", 5.25), new("r2", -0.2)]) },
            evidence with { Attachments = new(evidence.Attachments.Append(new("profile", ContentHash.Of("p")))) },
        ];
        foreach (var variant in variants)
            _registry.Register(Candidate("a") with { Evidence = variant });

        Assert.Equal(variants, _registry.EvidenceHistory(Name, 1).Select(entry => entry.Evidence));
    }

    [ContractFact]
    public void EvidenceThatReturnsIsTheLatestAgain()
    {
        foreach (var evaluation in new[] { "against v1", "against v2", "against v1" })
            _registry.Register(Candidate("a", evaluation: evaluation));

        Assert.Equal(3, _registry.Find(Name, 1).EvidenceNumber);
        Assert.Equal(ContentHash.Of("against v1"), _registry.Find(Name, 1).Evidence.EvaluationHash);
    }

    [ContractFact]
    public void AllFaultsOfACandidateAreReportedTogether()
    {
        var candidate = Candidate("a") with
        {
            ModelName = "Taxi Fare",
            Who = " ",
            Evidence = Evidence() with { Metrics = new([new("rmse", double.NaN), new("r2", double.NegativeInfinity)]) },
        };

        Assert.Equal(
            "Model 'Taxi Fare' was not registered: model name 'Taxi Fare' is not a name, "
            + "expected 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter or digit; "
            + "who registers it is empty, expected a person or a build; "
            + "metric 'rmse' is NaN, expected a finite number; metric 'r2' is -Infinity, expected a finite number.",
            Refused(RegistryFault.InvalidRequest, () => _registry.Register(candidate)).Message);
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(0xD83D)]
    public void WhatNoDatabaseKeepsIsRefused(int code)
    {
        var noText = (char)code;
        var evidence = Evidence();
        var candidate = Candidate("a") with
        {
            Who = "ann" + noText,
            Evidence = evidence with
            {
                Metrics = new([new("rm" + noText + "se", 1)]),
                Attachments = new([new("rows" + noText, ContentHash.Of("rows"))]),
            },
        };

        Assert.Equal(
            "Model 'taxi-fare' was not registered: "
            + "who registers it has half a character or the character U+0000, expected text; "
            + "a metric's name has half a character or the character U+0000, expected text; "
            + "an attachment's name has half a character or the character U+0000, expected text.",
            Refused(RegistryFault.InvalidRequest, () => _registry.Register(candidate)).Message);
    }

    [ContractFact]
    public void WhatPeopleWriteComesBack()
    {
        const string who = "Zoë O'Brien \U0001F695\r\n\t\"@model\"; DROP TABLE model_version; --";
        _registry.Register(Candidate("a") with { Who = who });

        Assert.Equal(who, Assert.Single(_registry.EvidenceHistory(Name, 1)).Who);
    }

    [ContractFact]
    public void MissingVersionsAreNamedWithThoseThereAre()
    {
        string Find(int number) => Refused(RegistryFault.UnknownVersion, () => _registry.Find(Name, number)).Message;

        Assert.Equal("Model 'taxi-fare' has no versions yet: run ./build.sh Register first.", Find(1));
        _registry.Register(Candidate("a"));
        Assert.Equal("Model 'taxi-fare' has no version 99. Versions: 1.", Find(99));
        _registry.Register(Candidate("b"));
        _registry.Register(Candidate("c"));
        Assert.Equal("Model 'taxi-fare' has no version 99. Versions: 1..3.", Find(99));
        Assert.Equal("Model 'taxi-fare' has no version 0. Versions: 1..3.", Find(0));
        Assert.Equal(
            "Model 'taxi-fare' has no version 4. Versions: 1..3.",
            Refused(RegistryFault.UnknownVersion, () => _registry.EvidenceHistory(Name, 4)).Message);
    }

    [ContractFact]
    public void NothingRegisteredIsAnAnswer()
    {
        Assert.Empty(_registry.Versions(Name));
        Assert.Empty(_registry.ReferencedArtifacts());
        Refused(RegistryFault.UnknownVersion, () => _registry.EvidenceHistory(Name, 1));
    }

    [ContractFact]
    public void EveryArtifactOfEveryEvidenceIsReferenced()
    {
        _registry.Register(Candidate("a", evaluation: "first"));
        _registry.Register(Candidate("a", evaluation: "second"));
        _registry.Register(Candidate("b", evaluation: "first"));

        string[] expected = ["a", "b", "recipe of Train", "first", "second", "schema", "rows"];
        Assert.Equal(
            expected.Select(text => ContentHash.Of(text)).Order(),
            _registry.ReferencedArtifacts().Order());
    }

    [ContractFact]
    public void ManyAtOnceGetNumbersWithoutGaps()
    {
        var results = AtOnce.Run(8, worker => Enumerable.Range(0, 5)
            .Select(i => _place.Open(_clock).Register(Candidate($"{worker}/{i}")).Version.Number)
            .ToArray());

        Assert.Equal(Enumerable.Range(1, 40), results.SelectMany(numbers => numbers).Order());
        Assert.Equal(Enumerable.Range(1, 40), _registry.Versions(Name).Select(version => version.Number));
    }

    [ContractFact]
    public void TheSameContentAtOnceIsOneVersion()
    {
        var results = AtOnce.Run(8, _ => _place.Open(_clock).Register(Candidate("a")));

        Assert.Single(results.OfType<Registered.New>());
        Assert.Equal(7, results.OfType<Registered.Unchanged>().Count());
        Assert.Single(_registry.EvidenceHistory(Name, 1));
    }
}

public sealed class RegisteringModelsInSqlite : RegisteringModels<SqlitePlace>;

public sealed class RegisteringModelsInPostgreSql : RegisteringModels<PostgreSqlPlace>;
