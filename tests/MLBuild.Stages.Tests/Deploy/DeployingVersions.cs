using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Deploy;

/// <summary>A version serves if its gate passed against what serves now, or a person says why it may.</summary>
public sealed class DeployingVersions : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public DeployingVersions() => _build = new(_space);

    public async Task InitializeAsync()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        await _build.Done("Register");
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void AVersionServesOnceDeployedAndDeployingAgainChangesNothing()
    {
        Assert.Equal("'production' now serves sales version 1", _build.Deploy(1));
        Assert.Equal("'production' serves sales version 1 already; nothing changed", _build.Deploy(1));
        var deployment = Assert.Single(_space.Registry.History("sales", "production"));
        Assert.Equal(("ann", "./build.sh Deploy", null), (deployment.Who, deployment.Why, deployment.ForcedReason));
    }

    [Fact]
    public async Task AVersionJudgedAgainstTheOneThatServesReplacesIt()
    {
        _build.Deploy(1);
        await RegisterAnother();
        Assert.Equal("'production' now serves sales version 2 instead of version 1", _build.Deploy(2));
    }

    [Fact]
    public async Task AVersionJudgedAgainstNothingDoesNotReplaceWhatServesNow()
    {
        await RegisterAnother();
        _build.Deploy(1);
        Assert.Equal(
            "Version 2 of model 'sales' was not deployed: 'production' serves version 1 (since 2019-04-01 12:00Z, by " +
            "ann), expected nothing. " +
            "Somebody deployed in between: evaluate against what serves now, then deploy again.",
            Refused(2));
    }

    [Fact]
    public async Task AVersionJudgedAgainstAnotherChampionDoesNotReplaceWhatServesNow()
    {
        _build.Deploy(1);
        await RegisterAnother();
        _build.Train = _build.Train with { Iterations = 50 };
        await _build.Done("Register");
        _build.Deploy(2);
        Assert.Equal(
            "Version 3 of model 'sales' was not deployed: 'production' serves version 2 (since 2019-04-01 12:00Z, by " +
            "ann), expected version 1. " +
            "Somebody deployed in between: evaluate against what serves now, then deploy again.",
            Refused(3));
        await _build.Done("Register");
        Assert.Equal("'production' now serves sales version 3 instead of version 2", _build.Deploy(3));
    }

    [Fact]
    public async Task GoingBackNeedsNoNewJudgement()
    {
        _build.Deploy(1);
        await RegisterAnother();
        _build.Deploy(2);
        Assert.Equal("'production' now serves sales version 1 instead of version 2", _build.Deploy(1));
        Assert.Equal([1, 2, 1], _space.Registry.History("sales", "production").Select(past => past.To));
    }

    [Fact]
    public async Task AVersionThatFailedItsGateIsRefused()
    {
        await RegisterAFailure();
        var evaluation = _space.Registry.Find("sales", 2).Evidence.EvaluationHash;
        Assert.Equal(
            "Version 2 of model 'sales' was not deployed to 'production': its gate outcome is Failed, expected " +
            "Passed " +
            $"(evaluation {evaluation.Short}). Evaluate it again, or take responsibility: --force-because \"...\".",
            Refused(2));
        Assert.Empty(_space.Registry.History("sales", "production"));
    }

    [Fact]
    public async Task AForcedVersionServesAndTheReasonIsKept()
    {
        _build.Deploy(1);
        await RegisterAFailure();
        Assert.Equal("'production' now serves sales version 2 instead of version 1",
            _build.Deploy(2, reason: "the old one is wrong everywhere"));
        var deployment = _space.Registry.History("sales", "production")[^1];
        Assert.Equal((GateOutcome.Failed, "the old one is wrong everywhere"),
            (deployment.Gate, deployment.ForcedReason));
    }

    [Fact]
    public async Task ForceNeedsAReason()
    {
        await RegisterAFailure();
        var error = Assert.Throws<RegistryException>(() => _build.Deploy(2, reason: " "));
        Assert.Equal(
            "Version 2 of model 'sales' was not deployed to 'production': --force-because is empty, expected the " +
            "reason, which the history keeps.",
            error.Message);
    }

    [Fact]
    public async Task AnotherEnvironmentIsNotWhatAVersionWasJudgedFor()
    {
        _build.Deploy(1);
        await RegisterAnother();
        Assert.Equal("'staging' now serves sales version 2", _build.Deploy(2, environment: "staging"));
        Assert.Equal("'production' now serves sales version 2 instead of version 1", _build.Deploy(2));
    }

    [Fact]
    public async Task WhatAVersionWasJudgedAgainstElsewhereMustServe()
    {
        _build.Deploy(1);
        await RegisterAnother();
        _build.Deploy(1, environment: "staging");
        Assert.Equal(
            "'staging' now serves sales version 2 instead of version 1", _build.Deploy(2, environment: "staging"));
        _build.Train = _build.Train with { Iterations = 50 };
        await _build.Done("Register");
        Assert.Equal(
            "sales version 3 was not deployed: it was judged against version 1 for 'production', while 'staging' " +
            "serves version 2. Judge it against that one (./build.sh Evaluate --serving-environment staging, and " +
            "Register likewise), or take responsibility: --force-because \"...\".",
            Assert.Throws<UndeployableException>(() => _build.Deploy(3, environment: "staging")).Message);
        Assert.Equal(2, _space.Registry.History("sales", "staging")[^1].To);

        _build.Evaluate = _build.Evaluate with { Environment = "staging" };
        await _build.Done("Register");
        Assert.Equal(
            "'staging' now serves sales version 3 instead of version 2", _build.Deploy(3, environment: "staging"));
    }

    [Fact]
    public void WhatWasJudgedAgainstNothingElsewhereReplacesNothing()
    {
        var version = _space.Registry.Find("sales", 1);
        _space.Registry.Register(new("sales", version.Evidence.Attachments["golden.json"], version.Evidence, "ann"));
        _build.Deploy(2, environment: "staging");
        var error = Assert.Throws<UndeployableException>(() => _build.Deploy(1, environment: "staging"));
        Assert.StartsWith(
            "sales version 1 was not deployed: it was judged against nothing for 'production', while 'staging' " +
            "serves version 2. ",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVersionThatIsNotThereIsRefused()
    {
        var error = Assert.Throws<RegistryException>(() => _build.Deploy(99));
        Assert.Equal("Model 'sales' has no version 99. Versions: 1.", error.Message);
    }

    [Theory]
    [InlineData("model.zip", "its model")]
    [InlineData("golden.json", "its golden rows")]
    [InlineData("features.code.txt", "the code of its features")]
    [InlineData("features.state", "the state of its features")]
    [InlineData("evaluation.json", "its evaluation")]
    public void AVersionThatNoServerCouldLoadIsRefused(string artifact, string called)
    {
        var version = _space.Registry.Find("sales", 1);
        var lost = artifact == "model.zip" ? version.ModelHash : version.Evidence.Attachments[artifact];
        _space.Lose(lost);
        var error = Assert.Throws<UndeployableException>(() => _build.Deploy(1));
        Assert.Equal(
            $"sales version 1 was not deployed: {called} cannot be read. Artifact {lost.Short} is not in the store. " +
            "Deploy from the store in which it was registered, or build it again: ./build.sh Register.",
            error.Message);
        Assert.Empty(_space.Registry.History("sales", "production"));
    }

    [Fact]
    public async Task WhatWasLostIsBuiltAgain()
    {
        _space.Lose(_space.Registry.Find("sales", 1).ModelHash);
        await _build.Done("Register");
        Assert.Equal("'production' now serves sales version 1", _build.Deploy(1));
    }

    [Fact]
    public void AVersionRegisteredWithoutGoldenRowsIsRefused()
    {
        var version = _space.Registry.Find("sales", 1);
        _space.Registry
            .Register(new("sales", version.ModelHash,
                version.Evidence with { Attachments = NamedValues<Store.ContentHash>.None }, "ann"));
        var error = Assert.Throws<UndeployableException>(() => _build.Deploy(1));
        Assert.Equal("sales version 1 was not deployed: it was registered without its golden rows. Register it " +
            "again: ./build.sh Register.", error.Message);
    }

    [Fact]
    public void AVersionRegisteredWithTheFirstReportThatWasEverWrittenServes()
    {
        // Without all that reports got later.
        var old = _space.Workspace.Artifacts.AddText(
            """
            {
              "model": "8f2c41d0",
              "environment": "production",
              "champion": "none",
              "comparison": "Nothing serves yet: thresholds alone decide.",
              "overall": {
                "slice": "all rows",
                "metrics": {
                  "count": 500, "nonFiniteCount": 0, "rmse": 8.9, "mae": 7.1, "r2": 0.97, "meanError": 0.1,
                  "shareWithinTenPercent": 0.9
                },
                "championMetrics": null,
                "difference": null
              },
              "slices": [],
              "gate": {
                "results": [
                  {
                    "rule": "Threshold", "metric": "RMSE", "slice": "overall", "value": 8.9,
                    "limit": { "min": null, "max": 30 }, "champion": null, "difference": null, "rows": 500,
                    "outcome": { "verdict": "pass" }, "sentence": "RMSE overall is 8.9."
                  }
                ]
              }
            }
            """);
        var version = _space.Registry.Find("sales", 1);
        _space.Registry.Register(
            new("sales", version.ModelHash, version.Evidence with { EvaluationHash = old }, "ann"));
        Assert.Equal("'production' now serves sales version 1", _build.Deploy(1));
    }

    private async Task RegisterAnother()
    {
        _build.Train = _build.Train with { Iterations = 40 };
        await _build.Done("Register");
    }

    private async Task RegisterAFailure()
    {
        _build.Train = _build.Train with { Iterations = 40 };
        _build.Evaluate = _build.Evaluate with { MaxRmse = 0.5 };
        await _build.Failure("Register");
    }

    private string Refused(int version) => Assert.Throws<RegistryException>(() => _build.Deploy(version)).Message;
}
