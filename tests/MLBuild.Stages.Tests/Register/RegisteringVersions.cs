using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Register;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Register;

/// <summary>A model's bytes get one version, with everything that made them.</summary>
public sealed class RegisteringVersions : IDisposable
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public RegisteringVersions()
    {
        _space.Write("2019-01.csv", Sales.Csv(1000, seed: 1));
        _space.Write("2019-02.csv", Sales.Csv(1000, seed: 2, firstId: 5000));
        _build = new(_space);
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task AModelGetsAVersionOnce()
    {
        await _build.Done("Register");
        var model = ContentHash.Of(_space.Bytes("Train", "model.zip"));
        Assert.Equal(
            [$"Register: sales version 1 registered ({model.Short})",
                "Register: its gate passed; deploy it with ./build.sh Deploy --model-version 1"],
            Logged());
        Assert.Equal(
            $$"""
            {
              "name": "sales",
              "version": 1,
              "model": "{{model.Hex}}",
              "gate": "Passed",
              "champion": "none"
            }

            """, _space.Text("Register", RegisterStage.Report));

        await _build.Done("Register");
        Assert.Equal($"Register: sales version 1 was registered before ({model.Short}); nothing changed", Logged()[0]);
        Assert.Single(_space.Registry.Versions("sales"));
        Assert.Single(_space.Registry.EvidenceHistory("sales", 1));
    }

    [Fact]
    public void TheRecipeNamesTheRegistry() => Assert.Equal(
        [
            "Registry = PostgreSql", "Registry.Connection = Host=db;Database=models;Username=ml", "Model = sales",
            "Who = ann",
        ],
        ParameterEntries.Of(Options("Host=db;Database=models;Username=ml"))
            .Select(entry => $"{entry.Name} = {entry.Value}"));

    [Fact]
    public void ARegistryWithAPasswordIsNoOption()
    {
        var refusal = Assert.Throws<RegistryException>(() => Options("Host=db;Database=models;Password=secret"));

        Assert.Equal(RegistryFault.InvalidPlace, refusal.Fault);
        Assert.DoesNotContain("secret", refusal.ToString());
    }

    [Fact]
    public async Task ANewEvaluationOfKnownBytesIsAppended()
    {
        await _build.Done("Register");
        _build.Evaluate = _build.Evaluate with { MaxRmse = 29 };
        await _build.Done("Register");
        var version = Assert.Single(_space.Registry.Versions("sales"));
        Assert.Equal($"Register: sales version 1 has a new evaluation ({version.ModelHash.Short})", Logged()[0]);
        Assert.Equal(2, _space.Registry.EvidenceHistory("sales", 1).Count);
    }

    [Fact]
    public async Task AModelThatFailedItsGateIsRegisteredAndTheStageFails()
    {
        _build.Evaluate = _build.Evaluate with { MaxRmse = 0.5 };
        var message = await _build.Failure("Register");
        Assert.Matches(
            """
            ^sales version 1 is registered, but its gate did not pass, so it cannot be deployed\.
            Gate failed: 1 of 11 checks failed, 0 inconclusive\.
              pass          None of \d+ held-out rows is one of [\d,]+ training rows\.
              pass          overall has \d+ rows, expected at least 200\.
              FAIL          RMSE overall is [\d.]+, expected at most 0\.5 \(\d+ rows\)\.
            """.ReplaceLineEndings("\n"), message);
        Assert.EndsWith("\nDo not publish. Mend what failed and train again, or change the gate and say why in the " +
            "commit.", message);
        Assert.Equal(GateOutcome.Failed, _space.Registry.Find("sales", 1).Evidence.Gate);
    }

    [Fact]
    public async Task AModelWithTooFewRowsIsInconclusive()
    {
        _build.Evaluate = _build.Evaluate with { MinRows = 10_000 };
        Assert.Contains("Gate is inconclusive: 1 of 11 checks.", await _build.Failure("Register"));
        Assert.Equal(GateOutcome.Inconclusive, _space.Registry.Find("sales", 1).Evidence.Gate);
    }

    [Fact]
    public async Task AVersionSaysWhichDataCodeAndOptionsMadeIt()
    {
        await _build.Done("Register");
        var evidence = _space.Registry.Find("sales", 1).Evidence;
        string[] recipes =
            [
                "Card", "Evaluate", "Features", "Ingest/2019-01", "Ingest/2019-02", "Reference", "Split", "Train",
                "Validate",
            ];
        Assert.Equal(
            recipes.Select(unit => RegisterStage.RecipePrefix + unit),
            evidence.Attachments.Select(pair => pair.Key).Where(name =>
                name.StartsWith(RegisterStage.RecipePrefix, StringComparison.Ordinal)));
        Assert.All(evidence.Attachments, pair => _space.Workspace.Artifacts.Verified(pair.Value));
        Assert.Equal(evidence.LineageHash, evidence.Attachments["recipe:Train"]);

        var month = Recipe("Ingest/2019-02");
        Assert.Contains(new(RecipeKind.Partition, "2019-02", "text", ""), month.Entries);
        Assert.Contains(
            new(RecipeKind.Input, "2019-02.csv", "source", ContentHash.Of(Sales.Csv(1000, seed: 2, firstId: 5000)).Hex),
            month.Entries);
        Assert.Contains(new(RecipeKind.Parameter, "HoldOutShare", "double", "0.3"), Recipe("Split").Entries);
        Assert.Contains(new(RecipeKind.Observed, "champion", "text", "none"), Recipe("Evaluate").Entries);

        Recipe Recipe(string unit) => MLBuild.Engine.Recipes.Recipe.Parse(
            File.ReadAllText(
                _space.Workspace.Artifacts.Verified(evidence.Attachments[RegisterStage.RecipePrefix + unit])));
    }

    [Fact]
    public async Task AVersionHasWhatServingAndMonitoringRead()
    {
        await _build.Done("Register");
        var version = _space.Registry.Find("sales", 1);
        Assert.Equal(
            ["training.json", "evaluation.json", "evaluation.html", "golden.json", "scores.json", "card.md",
                "features.json", "profile.json", "features.state", "features.code.txt", "split.json",
                "reference.json"],
            version.Evidence.Attachments.Select(pair => pair.Key).Where(name =>
                !name.StartsWith(RegisterStage.RecipePrefix, StringComparison.Ordinal)));
        Assert.Equal(["rmse", "mae", "r2", "within-10-percent"], version.Evidence.Metrics.Select(metric => metric.Key));
        Assert.Equal(ContentHash.Of(_space.Bytes("Features", "features.json")), version.Evidence.InputSchemaHash);
        Assert.Equal("ann", Assert.Single(_space.Registry.EvidenceHistory("sales", 1)).Who);
    }

    private string[] Logged() => [.. _space.Log.Where(line => line.StartsWith("Register", StringComparison.Ordinal))];

    private static RegisterOptions Options(string registry) =>
        new() { Registry = RegistryPlace.Parse(registry, "/"), Model = "sales", Who = "ann" };
}
