using MLBuild.Engine.Code;
using MLBuild.Engine.History;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Registry;
using MLBuild.Stages.Site;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Site;

/// <summary>A pipeline that has done everything once, some of it twice, with its report: two versions, of which one
/// serves, monitored rows, notes, runs. The same for all tests, which change nothing of it.</summary>
public sealed class SiteSpace : IAsyncLifetime
{
    /// <summary>What must be shown as it is, whoever wrote it.</summary>
    public const string Evil = "<script>alert(\"1\")</script><img src=x onerror=alert('2')>";

    private readonly PipelineSpace _space = new();

    public SiteState State { get; private set; } = null!;

    public string Folder => Path.Combine(_space.Workspace.RootFolder, "artifacts", "Report");

    internal PipelineSpace Space => _space;

    internal IReadOnlyList<string> Pages =>
        [.. Directory.GetFiles(Folder, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync()
    {
        var build = new SaleBuild(_space);
        build.Monitor = build.Monitor with { History = Path.Combine(_space.History, "production") };
        build.Data = "past";
        Directory.CreateDirectory(Path.Combine(_space.Data, "past"));
        Directory.CreateDirectory(Path.Combine(_space.Data, "recent"));
        _space.Write("past/2019-01.csv", Sales.Csv(1000, seed: 1));
        _space.Write("past/2019-02.csv", Sales.Csv(1000, seed: 2, firstId: 5000));
        _space.Write("recent/2019-03.csv", Sales.Csv(800, seed: 3, firstId: 9000));
        _space.Write("recent/2019-04.csv", Sales.Csv(800, seed: 4, firstId: 11000, area: 90));
        await build.Done("Register");
        build.Deploy(1);
        build.Train = build.Train with { Iterations = 40 };
        await build.Done("Register");
        await build.Done("Monitor");
        build.Train = build.Train with { Iterations = 41 };
        Annotate(new Annotation.Note($"after {Evil}"));
        Annotate(new Annotation.Tag("golden"));
        _space.Registry.RollOut(new("sales", "production", 2, RolloutChange.Started, "ann", $"as {Evil}")
        { Percent = 5 });
        for (var run = 0; run < 3; run++)
            new RunJournal(_space.Workspace).Begin(new(
                    PipelineSpace.Clock.GetUtcNow().AddHours(run),
                    $"Register --data {_space.Data}/past --who \"{Evil}\"", "host", null))!
                .End(run == 1 ? RunState.Failed : RunState.Succeeded, run == 1 ? $"Train: {Evil}" : null, []);
        File.WriteAllText(Path.Combine(_space.History, "production", "v1", "file 2018-12.json"), "{");
        State = new SiteReader(
            build.Pipeline, _space.Workspace, new CodeByName(), _space.Registry, "sales", _space.History).Read();
        SiteCommand.Write(State, Folder);

        void Annotate(Annotation annotation) => _space.Registry.Annotate(new("sales", 2, annotation, "bob"));
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    private sealed class CodeByName : ICodeFingerprint
    {
        public CodeReading Of(Stage stage) => new([new(RecipeKind.Code, "stage", "method",
            $"{stage.Code!.Method.DeclaringType}.{stage.Code.Method.Name}")], []);
    }
}
