using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Register;

namespace MLBuild.Stages.Tests.Deploy;

/// <summary>What served at a moment, and why.</summary>
public sealed class AskingWhatServed : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly MovingClock _clock = new();
    private readonly SaleBuild _build;

    public AskingWhatServed() => _build = new(_space);

    private IModelRegistry Registry => _space.Place.Open(_clock);

    public async Task InitializeAsync()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        await _build.Done("Register");
        _build.Train = _build.Train with { Iterations = 40 };
        _build.Evaluate = _build.Evaluate with { MaxRmse = 0.5 };
        await _build.Failure("Register");
        _clock.Now = Moment.Parse("2026-03-01T09:00", "--at");
        Registry.Deploy(new("sales", "production", 1, "ann", "./build.sh Deploy"));
        _clock.Now = Moment.Parse("2026-03-03T14:00", "--at");
        Registry.Deploy(new("sales", "production", 2, "bob", "./build.sh Deploy") { Override = new("a trial") });
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void TheLogNamesEveryDeployment()
    {
        string Evaluation(int number) => Registry.Find("sales", number).Evidence.EvaluationHash.Short;

        Assert.Equal(
            [
                "when               from  to  by   gate    evidence  by force  why",
                $"2026-03-01 09:00Z  -     1   ann  Passed  {Evaluation(1)}            ./build.sh Deploy",
                $"2026-03-03 14:00Z  1     2   bob  Failed  {Evaluation(2)}  a trial   ./build.sh Deploy",
            ],
            Run("production", at: null));
        Assert.Equal(
            ["Nothing of sales was ever deployed to 'staging'."], Run("staging", at: null));
    }

    [Fact]
    public void ALongReasonIsWholeInTheLogAndAtItsMoment()
    {
        var why = $"Failed requests: 0 % of 755, the champion's 0 % of 789; {new string('x', 100)}.";
        _clock.Now = Moment.Parse("2026-03-05T14:00", "--at");
        Registry.Deploy(new("sales", "production", 1, "cid", why));

        Assert.EndsWith($"  {why}", Run("production", at: null).Last(), StringComparison.Ordinal);
        Assert.Contains($"deployed by cid: {why}", At("2026-03-06T00:00"));
    }

    [Fact]
    public void AtAMomentItSaysWhichVersionSinceWhenByWhomAndWhatItsGateSaid()
    {
        var version = Registry.Find("sales", 2);
        var lines = At("2026-03-03T14:05").ToArray();
        Assert.Equal(
            [
                $"At 2026-03-03 14:05Z 'production' served sales version 2 ({version.ModelHash.Short}).",
                "since 2026-03-03 14:00Z, in place of version 1",
                "until now",
                "deployed by bob: ./build.sh Deploy",
                $"gate Failed, evidence 1, evaluation {version.Evidence.EvaluationHash}",
                "by force: a trial",
                "",
            ],
            lines[..7]);
        Assert.Contains(lines, line => line.StartsWith("  FAIL          RMSE overall is ", StringComparison.Ordinal));

        Assert.Equal(
            [
                "since 2026-03-01 09:00Z, as the first",
                "until 2026-03-03 14:00Z, when version 2 took its place",
            ],
            At("2026-03-03T13:59").Skip(1).Take(2));
        Assert.Equal(
            ["At 2026-02-28 00:00Z 'production' served nothing of sales."], At("2026-02-28"));
    }

    [Fact]
    public void WithoutTheStoreTheRegistryStillAnswers()
    {
        var evaluation = Registry.Find("sales", 2).Evidence.EvaluationHash;
        _space.Lose(evaluation);

        var lines = At("2026-03-03T14:05").ToArray();
        Assert.Equal("by force: a trial", lines[5]);
        Assert.Equal(
            $"What the gate looked at cannot be read here. Artifact {evaluation.Short} is not in the store.",
            lines[^1]);
    }

    [Theory]
    [InlineData("2026-03-03T14:05", "2026-03-03 14:05Z")]
    [InlineData("2026-03-03 14:05:59", "2026-03-03 14:05Z")]
    [InlineData("2026-03-03T14:05Z", "2026-03-03 14:05Z")]
    [InlineData("2026-03-03T14:05+02:00", "2026-03-03 12:05Z")]
    [InlineData("2026-03-03", "2026-03-03 00:00Z")]
    public void MomentsAreInUtcUnlessAnOffsetIsGiven(string text, string expected) =>
        Assert.Equal(expected, Moment.Text(Moment.Parse(text, "--at")));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("03/03/2026")]
    [InlineData("")]
    public void WhatIsNoMomentIsRefused(string text) => Assert.Equal(
        $"--at is '{text}', expected a moment in UTC such as 2026-03-03T14:05, or with an offset: " +
        "2026-03-03T14:05+02:00.",
        Assert.Throws<PipelineException>(() => Moment.Parse(text, "--at")).Message);

    [Fact]
    public void TheLogIsJsonWithNamesThatStay() => Assert.Equal(
        $$"""
        {
          "model": "sales",
          "environment": "production",
          "deployments": [
            {
              "position": 1,
              "deployedUtc": "2026-03-01T09:00:00+00:00",
              "from": null,
              "to": 1,
              "who": "ann",
              "why": "./build.sh Deploy",
              "gate": "Passed",
              "evidence": 1,
              "evaluationHash": "{{Registry.Find("sales", 1).Evidence.EvaluationHash}}",
              "forcedReason": null
            },
            {
              "position": 2,
              "deployedUtc": "2026-03-03T14:00:00+00:00",
              "from": 1,
              "to": 2,
              "who": "bob",
              "why": "./build.sh Deploy",
              "gate": "Failed",
              "evidence": 1,
              "evaluationHash": "{{Registry.Find("sales", 2).Evidence.EvaluationHash}}",
              "forcedReason": "a trial"
            }
          ]
        }

        """,
        Json("sales: what 'production' served is", at: null));

    [Fact]
    public void AMomentIsJsonWithNamesThatStay()
    {
        var version = Registry.Find("sales", 1);
        Assert.Equal(
            $$"""
            {
              "model": "sales",
              "environment": "production",
              "atUtc": "2026-03-03T13:59:00+00:00",
              "served": {
                "version": 1,
                "modelHash": "{{version.ModelHash}}",
                "since": {
                  "position": 1,
                  "deployedUtc": "2026-03-01T09:00:00+00:00",
                  "from": null,
                  "to": 1,
                  "who": "ann",
                  "why": "./build.sh Deploy",
                  "gate": "Passed",
                  "evidence": 1,
                  "evaluationHash": "{{version.Evidence.EvaluationHash}}",
                  "forcedReason": null
                },
                "untilUtc": "2026-03-03T14:00:00+00:00",
                "replacedBy": 2
              }
            }

            """,
            Json("sales: what 'production' served at 2026-03-03 13:59Z is", "2026-03-03T13:59"));
        Assert.Contains(
            "\"served\": null", Json("sales: what 'production' served at 2026-02-28 00:00Z is", "2026-02-28"));
    }

    private IEnumerable<string> At(string moment) => Run("production", moment);

    private IEnumerable<string> Run(string environment, string? at, string? file = null) =>
        ServedCommand.Run(Registry, _space.Workspace.Artifacts, "sales", environment, at, file, Page.Endless);

    private string Json(string what, string? at)
    {
        var file = Path.Combine(_space.Data, "served.json");
        Assert.Equal([$"{what} in '{file}'"], Run("production", at, file));
        return File.ReadAllText(file);
    }
}
