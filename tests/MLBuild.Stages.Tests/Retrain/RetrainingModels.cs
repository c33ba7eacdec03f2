using MLBuild.Registry;
using MLBuild.Stages.Tests.Rollouts;

namespace MLBuild.Stages.Tests.Retrain;

/// <summary>From what monitoring found to a version that serves, with a real registry and steps that only register and
/// deploy.</summary>
public sealed class RetrainingModels : IDisposable
{
    private const string Drifted = "drift in 2026-03";

    private readonly RetrainSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task DriftBecomesAVersionThatServes()
    {
        Assert.Equal("version 2 was deployed", await _space.Run());

        Assert.Equal(["training anew because of drift in 2026-03: size: drift. price: drift."], _space.Said);
        Assert.Equal(["Validate", "Train", "Register", "Deploy 2"], _space.Steps);
        Assert.Equal(["retrained.production"], _space.Marks(2).Tags);
        Assert.Equal(
            ["retrained for 'production' because of drift in 2026-03: size: drift. price: drift."],
            _space.NotesOf(2));
    }

    [Fact]
    public async Task NothingIsDoneWithoutAReason()
    {
        Assert.Equal(
            "nothing to do: the rows of 2026-03 look like those that version 1 was trained on",
            await _space.Run(verdict: "Fine"));
        Assert.Equal(
            "nothing was done: 2026-03 has not enough data to say whether version 1 has to be trained anew",
            await _space.Run(verdict: "NotEnoughData"));
        Assert.Empty(_space.Steps);
        Assert.Empty(_space.Said);
    }

    [Fact]
    public async Task BadDataIsNotLearnedFrom()
    {
        Assert.Equal(
            "The data is bad: not learning from it. 2026-03: size: drift. price: drift. Mend it, then run ./build.sh " +
            "Retrain again.",
            await _space.Refusal(verdict: "BadData"));
        Assert.Empty(_space.Steps);
    }

    [Fact]
    public async Task DataThatBreaksTheContractIsNotLearnedFrom()
    {
        _space.BrokenContract = "price: 12 rows are below 0";
        Assert.Equal(
            "The data is bad: not learning from it. Stage 'Validate' failed: price: 12 rows are below 0",
            await _space.Refusal());
        Assert.Equal(["Validate"], _space.Steps);
        Assert.Empty(_space.Registry.Annotations("sales"));
    }

    [Fact]
    public async Task TwiceIsOnce()
    {
        await _space.Run();
        _space.Clock.Now += TimeSpan.FromHours(5);

        Assert.Equal(
            $"{Drifted}, but version 2, which serves, was retrained 2026-03-01 09:00Z: nothing is learned before " +
            "2026-03-02 09:00Z (--cool-down)",
            await _space.Run());

        Assert.Equal(["Validate", "Train", "Register", "Deploy 2"], _space.Steps);
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);
    }

    [Fact]
    public async Task WhenTheModelHasSettledOnlyOtherDataMakesAnother()
    {
        await _space.Run();
        _space.Clock.Now += TimeSpan.FromDays(2);

        Assert.Equal(
            $"{Drifted}, but there is nothing new to learn: what was trained is version 2 again, which serves; not " +
            "again until data, code or parameters change",
            await _space.Run());
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);

        _space.Data = "april";
        Assert.Equal("version 3 was deployed", await _space.Run());
        Assert.Equal(["retrained.production"], _space.Marks(3).Tags);
    }

    [Fact]
    public async Task KilledWhileTrainingItBeginsAgain()
    {
        _space.KillAt = "Train";
        await _space.Killed();
        Assert.Empty(_space.Registry.Annotations("sales"));

        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal(2, _space.Registry.Versions("sales").Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task KilledBetweenRegisteringAndMarkingItIsMarkedOnce(int annotation)
    {
        var calls = 0;
        _space.Wrap = registry => EventfulRegistry.Of(registry, before: call =>
        {
            if (call == nameof(IModelRegistry.Annotate) && ++calls == annotation)
                throw new KilledException();
        });
        await _space.Killed();
        Assert.Equal(2, _space.Registry.Versions("sales").Count);
        Assert.Empty(_space.Marks(2).Tags);

        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Single(_space.NotesOf(2));
        Assert.Equal(["retrained.production"], _space.Marks(2).Tags);
        Assert.Equal(2, _space.Registry.Versions("sales").Count);
    }

    [Fact]
    public async Task TwoAtOnceAreOne()
    {
        // The second does all that it does just before the first marks what both have registered.
        string? other = null;
        _space.Wrap = registry => EventfulRegistry.Of(registry, before: call =>
        {
            if (call != nameof(IModelRegistry.Annotate) || other is not null)
                return;
            (other, _space.Wrap) = ("", same => same);
            other = _space.Run().GetAwaiter().GetResult();
        });

        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal("version 2 was deployed", other);
        Assert.Equal(2, _space.Registry.Versions("sales").Count);
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);
        Assert.Equal(2, _space.Registry.History("sales", "production").Count);
    }

    [Fact]
    public async Task KilledBeforeDeployingItIsDeployedWithoutTraining()
    {
        _space.KillAt = "Deploy";
        await _space.Killed();
        _space.Forget();

        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal(["going on with version 2, retrained 2026-03-01 09:00Z"], _space.Said);
        Assert.Equal(["Deploy 2"], _space.Steps);
    }

    [Theory]
    [InlineData("Drift")]
    [InlineData("Fine")]
    public async Task KilledDuringARolloutItGoesOnWhateverIsSaidOfTheOther(string verdict)
    {
        _space.KillAt = "Rollout";
        await _space.Killed();
        _space.Forget();
        _space.Clock.Now += TimeSpan.FromDays(3);

        Assert.Equal("version 2 was rolled out", await _space.Run(verdict));
        Assert.Equal(["Deploy 2"], _space.Steps);
        Assert.Equal(2, _space.Serving);
    }

    [Fact]
    public async Task WhatWasRolledBackIsNotTriedAgain()
    {
        _space.KillAt = "Rollout";
        await _space.Killed();
        _space.Registry.RollOut(new("sales", "production", 2, RolloutChange.RolledBack, "ann", "slow"));

        Assert.Equal(
            $"{Drifted}, but version 2, which was rolled back, was retrained 2026-03-01 09:00Z: nothing is learned " +
            "before 2026-03-02 09:00Z (--cool-down)",
            await _space.Run());
        _space.Clock.Now += TimeSpan.FromDays(1);
        _space.Forget();
        Assert.Equal(
            $"{Drifted}, but this was tried: what was trained is version 2 again, which was rolled back; not again " +
            "until data, code or parameters change",
            await _space.Run());
        Assert.Equal(["Validate", "Train"], _space.Steps);

        _space.Data = "april";
        Assert.Equal("version 3 was deployed", await _space.Run());
    }

    [Fact]
    public async Task WhatSomebodyReplacedIsNotTriedAgain()
    {
        await _space.Run();
        _space.Clock.Now += TimeSpan.FromDays(2);
        _space.Registry.Deploy(new("sales", "production", 1, "ann", "worse"));

        Assert.Equal(
            $"{Drifted}, but this was tried: what was trained is version 2 again, which served and was replaced; not " +
            "again until data, code or parameters change",
            await _space.Run());
    }

    [Fact]
    public async Task AGateThatDidNotPassCountsAndIsTriedAgainWhenItCanSayOtherwise()
    {
        _space.Gate = GateOutcome.Failed;
        Assert.Equal("Stage 'Register' failed: its gate did not pass", await _space.Failure());
        Assert.Equal(["retrained.production"], _space.Marks(2).Tags);
        Assert.Equal(
            $"{Drifted}, but version 2, whose gate did not pass, was retrained 2026-03-01 09:00Z: nothing is learned " +
            "before 2026-03-02 09:00Z (--cool-down)",
            await _space.Run());

        _space.Clock.Now += TimeSpan.FromDays(1);
        Assert.Equal(
            $"{Drifted}, but this was tried: what was trained is version 2 again, whose gate did not pass; not again " +
            "until data, code or parameters change",
            await _space.Run());

        // With other limits.
        _space.Gate = GateOutcome.Passed;
        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);
    }

    [Fact]
    public async Task AFailureThatIsNotTheGatesMarksNothing()
    {
        await _space.Run();
        _space.Clock.Now += TimeSpan.FromDays(2);
        _space.Data = "april";
        _space.KillAt = "Register";
        await _space.Killed();
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);
    }

    [Fact]
    public async Task TheBudgetNamesWhatSpentIt()
    {
        foreach (var data in new[] { "april", "may" })
        {
            _space.Data = data;
            await _space.Run();
            _space.Clock.Now += TimeSpan.FromDays(7);
        }
        _space.Limits = new() { Budget = 2 };

        Assert.Equal(
            $"{Drifted}, but there were 2 retrainings in 28 days (version 2 2026-03-01 09:00Z, version 3 2026-03-08 " +
            "09:00Z): nothing is learned before 2026-03-29 09:00Z (--retrain-budget)",
            await _space.Run());
        _space.Clock.Now = new(2026, 3, 29, 9, 0, 0, TimeSpan.Zero);
        _space.Data = "june";
        Assert.Equal("version 4 was deployed", await _space.Run());
    }

    [Fact]
    public async Task ATagThatIsTakenAwayDoesNotCount()
    {
        await _space.Run();
        _space.Registry.Annotate(new("sales", 2, new Annotation.Untag("retrained.production"), "bob"));
        _space.Data = "april";
        Assert.Equal("version 3 was deployed", await _space.Run());
    }

    [Fact]
    public async Task RetrainingsForAnotherEnvironmentAreNoneOfThisOne()
    {
        _space.KillAt = "Deploy";
        await _space.Killed();
        _space.Registry.Deploy(new("sales", "staging", 1, "ann", "first"));
        _space.Forget();

        _space.Environment = "staging";
        _space.Data = "april";
        Assert.Equal("version 3 was deployed", await _space.Run());
        Assert.Equal(["retrained.staging"], _space.Marks(3).Tags);
        Assert.Equal(1, _space.Serving);
    }

    [Fact]
    public async Task APersonDeploysWhereNobodyElseDoes()
    {
        _space.Deploys = false;
        const string waits =
            "sales version 2 waits for a person: deploy it with ./build.sh Deploy --model-version 2";
        Assert.Equal(waits, await _space.Run());
        Assert.Equal(waits, await _space.Run());
        _space.Clock.Now += TimeSpan.FromDays(2);
        Assert.Equal(waits, await _space.Run());
        Assert.Equal(2, _space.Registry.Annotations("sales").Count);

        _space.RollOut(2);
        Assert.Equal("sales version 2 is being rolled out to 'production': see ./build.sh Status", await _space.Run());
    }

    [Fact]
    public async Task ARolloutOfAnotherVersionComesFirst()
    {
        _space.RegisterAs("somebody's");
        _space.RollOut(2);
        Assert.Equal(
            $"{Drifted}, but version 2 is being rolled out to 'production': nothing is learned until that has ended " +
            "(./build.sh Status)",
            await _space.Run());
        Assert.Empty(_space.Steps);
    }

    [Fact]
    public async Task AVersionThatAPersonRegisteredFromTheSameDataIsDeployed()
    {
        _space.RegisterAs(_space.Data);
        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal(["retrained.production"], _space.Marks(2).Tags);
    }

    [Fact]
    public async Task ACandidateThatWasJudgedBesideAnotherIsJudgedAnew()
    {
        _space.Deploys = false;
        await _space.Run();
        _space.Clock.Now += TimeSpan.FromHours(1);
        _space.RegisterAs("somebody's");
        _space.Registry.Deploy(new("sales", "production", 3, "bob", "mine"));
        _space.Forget();

        _space.Clock.Now += TimeSpan.FromHours(1);
        Assert.StartsWith(
            $"{Drifted}, but version 2, which was not deployed, was retrained", await _space.Run(),
            StringComparison.Ordinal);
        _space.Clock.Now += TimeSpan.FromDays(1);
        _space.Deploys = true;
        Assert.Equal("version 2 was deployed", await _space.Run());
        Assert.Equal(["Validate", "Train", "Register", "Deploy 2"], _space.Steps);
        Assert.Equal(2, _space.Registry.Find("sales", 2).EvidenceNumber);
    }

    [Fact]
    public async Task WhatIsDeployedWhileMonitorLooksIsSaid()
    {
        _space.RegisterAs("somebody's");
        _space.Registry.Deploy(new("sales", "production", 2, "bob", "mine"));
        Assert.Equal(
            "Monitor looked at version 1, and version 2 serves in 'production' now: it was deployed meanwhile. Run " +
            "./build.sh Retrain again.",
            await _space.Refusal(version: 1));
    }

    [Fact]
    public void StrategiesAreThoseOfDeployOrNone()
    {
        Assert.Equal("canary", Stages.Retrain.RetrainStrategy.Parse(null));
        Assert.Equal("blue-green", Stages.Retrain.RetrainStrategy.Parse("Blue-Green"));
        Assert.Null(Stages.Retrain.RetrainStrategy.Parse("none"));
        Assert.Equal(
            "--strategy is 'slow', expected direct, canary, blue-green, shadow, or none for a person to deploy.",
            Assert.Throws<Stages.Retrain.RetrainException>(() =>
                Stages.Retrain.RetrainStrategy.Parse("slow")).Message);
    }
}
