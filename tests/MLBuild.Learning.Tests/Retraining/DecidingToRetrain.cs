using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Retraining;

namespace MLBuild.Learning.Tests.Retraining;

/// <summary>Whether a model is trained anew, from what was found and from the retrainings before.</summary>
public sealed class DecidingToRetrain
{
    private static readonly DateTimeOffset Now = new(2026, 3, 30, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(WindowVerdict.Drift)]
    [InlineData(WindowVerdict.Degraded)]
    public void DriftAndDegradationAreLearnedFrom(WindowVerdict verdict) =>
        Assert.IsType<RetrainDecision.Retrain>(Decide(verdict));

    [Fact]
    public void NothingElseIs()
    {
        Assert.IsType<RetrainDecision.NothingToDo>(Decide(WindowVerdict.Fine));
        Assert.IsType<RetrainDecision.NotEnoughData>(Decide(WindowVerdict.NotEnoughData));
        Assert.IsType<RetrainDecision.BadData>(Decide(WindowVerdict.BadData));
    }

    [Fact]
    public void BadDataIsSaidWhateverIsUnderWay()
    {
        var begun = Ago(hours: 1, VersionFate.RollingOut);
        Assert.IsType<RetrainDecision.BadData>(Decide(WindowVerdict.BadData, rolledOut: begun.Version, past: begun));
    }

    [Theory]
    [InlineData(WindowVerdict.Drift)]
    [InlineData(WindowVerdict.Fine)]
    [InlineData(WindowVerdict.NotEnoughData)]
    public void ARolloutOfARetrainingGoesOn(WindowVerdict verdict)
    {
        var begun = Ago(hours: 900, VersionFate.RollingOut);
        Assert.Equal(
            new RetrainDecision.Continue(begun), Decide(verdict, rolledOut: begun.Version, past: begun));
    }

    [Fact]
    public void ARolloutOfAnotherVersionIsNotDisturbed()
    {
        Assert.Equal(new RetrainDecision.OtherRollout(9), Decide(WindowVerdict.Drift, rolledOut: 9));
        Assert.IsType<RetrainDecision.NothingToDo>(Decide(WindowVerdict.Fine, rolledOut: 9));
    }

    [Theory]
    [InlineData(VersionFate.Serves)]
    [InlineData(VersionFate.RolledBack)]
    [InlineData(VersionFate.GateNotPassed)]
    [InlineData(VersionFate.Outdated)]
    public void AfterARetrainingThereIsNoneForAWhile(VersionFate fate)
    {
        var last = Ago(hours: 23, fate);
        Assert.Equal(
            new RetrainDecision.CoolingDown(last, Now.AddHours(1)),
            Decide(WindowVerdict.Drift, past: [Ago(hours: 300, VersionFate.Replaced), last]));
        Assert.IsType<RetrainDecision.Retrain>(Decide(WindowVerdict.Drift, past: Ago(hours: 24, fate)));
    }

    [Fact]
    public void TheBudgetIsOfTheLastFourWeeks()
    {
        PastRetraining[] past =
        [
            Ago(hours: (28 * 24) + 1, VersionFate.Replaced), Ago(hours: 500, VersionFate.Replaced),
            Ago(hours: 400, VersionFate.RolledBack), Ago(hours: 300, VersionFate.GateNotPassed),
            Ago(hours: 200, VersionFate.Serves),
        ];
        var spent = Assert.IsType<RetrainDecision.BudgetSpent>(Decide(WindowVerdict.Degraded, past: past));
        Assert.Equal(past[1..], spent.Spent);
        Assert.Equal(past[1].RetrainedUtc.AddDays(28), spent.NextUtc);
        Assert.IsType<RetrainDecision.Retrain>(Decide(WindowVerdict.Degraded, new() { Budget = 5 }, past: past));
        // When it is made smaller, the ones that are too many have to expire too.
        Assert.Equal(
            past[3].RetrainedUtc.AddDays(28),
            Assert.IsType<RetrainDecision.BudgetSpent>(
                Decide(WindowVerdict.Degraded, new() { Budget = 2 }, past: past)).NextUtc);
    }

    [Fact]
    public void WhatWasMadeAndNotDeployedIsNotBlockedByItself()
    {
        var waiting = Ago(hours: 1, VersionFate.Waiting);
        Assert.Equal(new RetrainDecision.Continue(waiting), Decide(WindowVerdict.Drift, past: waiting));
        var late = Ago(hours: 100, VersionFate.Waiting);
        Assert.Equal(
            new RetrainDecision.Continue(late), Decide(WindowVerdict.Drift, new() { Budget = 1 }, past: late));
    }

    [Fact]
    public void WhereAnotherIsAllowedTheNewestDataIsLearnedFrom() =>
        Assert.IsType<RetrainDecision.Retrain>(
            Decide(WindowVerdict.Drift, past: Ago(hours: 100, VersionFate.Waiting)));

    [Fact]
    public void AModelThatIsFineLeavesAnOldCandidateWaiting() =>
        Assert.IsType<RetrainDecision.NothingToDo>(
            Decide(WindowVerdict.Fine, past: Ago(hours: 1, VersionFate.Waiting)));

    [Fact]
    public void EqualBytesHaveTheFateThatTheyHad()
    {
        Assert.Equal(TrainedDecision.GoOn, TrainedDecisions.Of(null));
        Assert.Equal(
            [
                (VersionFate.Waiting, TrainedDecision.GoOn), (VersionFate.Outdated, TrainedDecision.GoOn),
                (VersionFate.RollingOut, TrainedDecision.GoOn), (VersionFate.Serves, TrainedDecision.Serves),
                (VersionFate.GateNotPassed, TrainedDecision.GoOn),
                (VersionFate.RolledBack, TrainedDecision.AlreadyTried),
                (VersionFate.Replaced, TrainedDecision.AlreadyTried),
                (VersionFate.Archived, TrainedDecision.AlreadyTried),
            ],
            Enum.GetValues<VersionFate>().Select(fate => (fate, TrainedDecisions.Of(fate))));
    }

    [Theory]
    [InlineData("0h", 0)]
    [InlineData("12h", 12)]
    [InlineData("1d", 24)]
    [InlineData("2w", 336)]
    public void CoolDownsAreHoursDaysOrWeeks(string text, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), RetrainLimits.ParseCoolDown(text));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("1m")]
    [InlineData("367d")]
    [InlineData("99999999999h")]
    public void OtherCoolDownsAreRefused(string text) => Assert.Equal(
        $"--cool-down is '{text}', expected a number of hours, days or weeks such as 12h, 1d or 2w, up to 366d; 0h is "
        + "none.",
        Assert.Throws<ArgumentException>(() => RetrainLimits.ParseCoolDown(text)).Message);

    [Fact]
    public void LimitsOutOfTheirRangeAreNamed()
    {
        new RetrainLimits().Validate();
        Assert.Equal(
            "Budget (--retrain-budget) is 0, expected at least 1 retraining in 28 days.",
            Assert.Throws<ArgumentException>(() => new RetrainLimits { Budget = 0 }.Validate()).Message);
        Assert.Equal(
            "CoolDown (--cool-down) is 367.00:00:00, expected 0 to 366 days.",
            Assert.Throws<ArgumentException>(() =>
                new RetrainLimits { CoolDown = TimeSpan.FromDays(367) }.Validate()).Message);
    }

    private static RetrainDecision Decide(
        WindowVerdict verdict, RetrainLimits? limits = null, int? rolledOut = null, params PastRetraining[] past) =>
        RetrainDecision.Of(verdict, past, rolledOut, Now, limits ?? new());

    private static PastRetraining Ago(int hours, VersionFate fate) => new(1000 - hours, Now.AddHours(-hours), fate);
}
