using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Lineage;

/// <summary>What went into two versions and what came out, side by side.</summary>
public sealed class ComparingVersions : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public ComparingVersions() => _build = new(_space);

    public async Task InitializeAsync()
    {
        _space.Write("2019-01.csv", Sales.Csv(1000, seed: 1));
        _space.Write("2019-02.csv", Sales.Csv(1000, seed: 2, firstId: 5000));
        await _build.Done("Register");
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task EverythingThatDiffersIsNamedOnce()
    {
        var before = _space.Registry.Find("sales", 1);
        File.Delete(Path.Combine(_space.Data, "2019-01.csv"));
        _space.Write("2019-02.csv", Sales.Csv(1000, seed: 3, firstId: 5000));
        _space.Write("2019-03.csv", Sales.Csv(1000, seed: 4, firstId: 9000));
        _build.Train = _build.Train with { Iterations = 40 };
        _build.Ingest = ReadAnew;
        await _build.Done("Register");
        var after = _space.Registry.Find("sales", 2);

        var lines = Lines(1, 2);
        var metrics = Array.IndexOf(lines, "metrics, each on the rows held out from its own data");
        Assert.Equal(
            [
                $"sales version 1 ({before.ModelHash.Short}) -> sales version 2 ({after.ModelHash.Short})",
                "data",
                $"  2019-01.csv is gone: {Hash(1000, 1, 1)}",
                $"  2019-02.csv changed: {Hash(1000, 2, 5000)} -> {Hash(1000, 3, 5000)}",
                $"  2019-03.csv is new: {Hash(1000, 4, 9000)}",
                "parameters",
                "  Train: parameter 'Iterations' changed: 30 -> 40",
                "code",
                "  method stage changed (Ingest)",
                "packages: the same",
                "stages: the same",
            ],
            lines[..metrics]);
        Assert.Matches("^ +version 1 +version 2 +difference$", lines[metrics + 1]);
        Assert.Matches(@"^  rmse +[\d.]+ +[\d.]+ +[+-][\d.]+$", lines[metrics + 2]);
        Assert.Equal(metrics + 1 + 1 + before.Evidence.Metrics.Count, lines.Length);
    }

    [Fact]
    public async Task ANewJudgementIsNoDifferenceOfDataOrCode()
    {
        _build.Deploy(1);
        _build.Train = _build.Train with { Seed = 2, Iterations = 31 };
        await _build.Done("Register");

        var lines = Lines(1, 2);
        Assert.Contains("data: the same", lines);
        Assert.Contains("metrics, on the same rows", lines);
        Assert.Contains("code: the same", lines);
        Assert.Contains(
            lines, line => line.StartsWith("  observed 'champion' changed: none -> v1 model=", StringComparison.Ordinal)
                && line.EndsWith(" (Evaluate)", StringComparison.Ordinal));
    }

    [Fact]
    public void AVersionAndItselfAreTheSame()
    {
        var lines = Lines(1, 1);
        Assert.Equal(
            ["data: the same", "parameters: the same", "code: the same", "packages: the same", "stages: the same"],
            lines[1..6]);
        Assert.All(lines[8..], line => Assert.EndsWith("  0", line));
    }

    [Fact]
    public void TheDifferenceOfRecipesIsThatOfWhy()
    {
        var code = new RecipeEntry(RecipeKind.Code, "Sales::Sales.Price(int)", "method", new('a', 64));
        var package = new RecipeEntry(RecipeKind.Package, "Microsoft.ML", "package", $"4.0.0 {new string('a', 64)}");
        var one = Register("one", [Stage("Train"), code, package]);
        var other = Register("other",
        [
            Stage("Train"), code with { Value = new('b', 64) },
            package with { Value = $"5.0.0 {new string('b', 64)}" },
            new(RecipeKind.Output, "card.md", "file", ""),
        ]);

        var lines = Lines(one, other);
        Assert.Contains("  method Sales.Price changed (Train)", lines);
        Assert.Contains("  package Microsoft.ML changed: 4.0.0 -> 5.0.0 (Train)", lines);
        Assert.Contains("  output 'card.md' is new (Train)", lines);
    }

    [Fact]
    public void AStageThatOnlyOneVersionHasIsNamed()
    {
        var train = new Recipe([Stage("Train")]);
        var tune = new Recipe([Stage("Tune")]);
        var one = Register("one", ("Train", train));
        var other = Register("other", ("Train", train), ("Tune", tune));

        Assert.Contains("  Tune is new", Lines(one, other));
        Assert.Contains("  Tune is gone", Lines(other, one));
    }

    [Fact]
    public void TheDifferenceIsJsonWithNamesThatStay()
    {
        var leaves = new RecipeEntry(RecipeKind.Parameter, "Leaves", "int", "127");
        var one = Register("one", ("Train", new([Stage("Train"), leaves, Source("a")])));
        var other = Register(
            "other", ("Train", new([Stage("Train"), leaves with { Value = "31" }, Source("b")])),
            ("Tune", new([Stage("Tune")])));

        var file = Path.Combine(_space.Data, "difference.json");
        Assert.Equal([$"sales versions {one} and {other}: what differs is in '{file}'"], Run(one, other, file));
        Assert.Equal(
            $$"""
            {
              "model": "sales",
              "from": {
                "version": {{one}},
                "modelHash": "{{ContentHash.Of("one")}}",
                "createdUtc": "2019-04-01T12:00:00+00:00"
              },
              "to": {
                "version": {{other}},
                "modelHash": "{{ContentHash.Of("other")}}",
                "createdUtc": "2019-04-01T12:00:00+00:00"
              },
              "isSameHoldOut": true,
              "files": [
                {
                  "name": "sales.csv",
                  "before": "{{new string('a', 64)}}",
                  "after": "{{new string('b', 64)}}"
                }
              ],
              "changes": [
                {
                  "stage": "Train",
                  "kind": "Parameter",
                  "name": "Leaves",
                  "before": "127",
                  "after": "31",
                  "text": "parameter 'Leaves' changed: 127 -> 31"
                },
                {
                  "stage": "Tune",
                  "kind": "Stage",
                  "name": "Tune",
                  "before": null,
                  "after": "Tune",
                  "text": "Tune is new"
                }
              ],
              "metrics": [
                {
                  "name": "rmse",
                  "before": 2.5,
                  "after": 2.5
                }
              ]
            }

            """,
            File.ReadAllText(file));
    }

    [Fact]
    public void AVersionIsNamedByItsNumberOrByWhereItServes()
    {
        Assert.Equal(7, VersionReference.Parse(_space.Registry, "sales", "7", "--from"));
        Assert.Equal(
            "--from is 'production', expected the number of a version, or an environment for the one that serves " +
            "there. Nothing of sales serves yet.",
            Assert.Throws<PipelineException>(() =>
                VersionReference.Parse(_space.Registry, "sales", "production", "--from")).Message);
        _build.Deploy(1);
        Assert.Equal(1, VersionReference.Parse(_space.Registry, "sales", "production", "--from"));
        Assert.EndsWith(
            " Environments: production.",
            Assert.Throws<PipelineException>(() =>
                VersionReference.Parse(_space.Registry, "sales", "Production", "--to")).Message);
    }

    private static void ReadAnew(MLBuild.Engine.Stages.StageRun run) => IngestStage.Run(run, Sales.Duplicates);

    private static RecipeEntry Stage(string name) => new(RecipeKind.Stage, "name", "text", name);

    private static RecipeEntry Source(string hash) =>
        new(RecipeKind.Input, "sales.csv", "source", new(hash[0], 64));

    private int Register(string bytes, IEnumerable<RecipeEntry> train) => Register(bytes, ("Train", new(train)));

    private int Register(string bytes, params (string Unit, Recipe Recipe)[] recipes) => _space.Registry.Register(new(
        "sales", ContentHash.Of(bytes),
        new(ContentHash.Of("recipe"), ContentHash.Of("evaluation"), GateOutcome.Passed, new([new("rmse", 2.5)]),
            new(recipes.Select(unit => KeyValuePair.Create(
                $"recipe:{unit.Unit}", _space.Workspace.Artifacts.AddText(unit.Recipe.Text))))),
        "ann")).Version.Number;

    private string[] Lines(int from, int to) => [.. Run(from, to, file: null)];

    private IEnumerable<string> Run(int from, int to, string? file) =>
        DiffCommand.Run(
            _space.Registry, _space.Workspace.Artifacts, "sales", $"{from}", $"{to}", file, Page.Endless);

    private static string Hash(int rows, int seed, int firstId) =>
        ContentHash.Of(Sales.Csv(rows, seed, firstId)).Short;
}
