using System.Text.Json;
using System.Xml.Linq;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Lineage;

/// <summary>From a version down to the bytes of its raw files, and up to where it served, from the store and the
/// registry alone.</summary>
public sealed class TellingLineage : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public TellingLineage() => _build = new(_space);

    public async Task InitializeAsync()
    {
        _space.Write("2019-01.csv", January);
        _space.Write("2019-02.csv", February);
        await _build.Done("Register");
        // Years later there is no data, no artifact and no record.
        Directory.Delete(_space.Data, recursive: true);
        LocalArtifactStore.RemoveReadOnly(_space.Workspace.ArtifactsFolder);
        LocalArtifactStore.RemoveReadOnly(Path.Combine(_space.Workspace.StoreFolder, "ac"));
        LocalArtifactStore.RemoveReadOnly(Path.Combine(_space.Workspace.StoreFolder, "last"));
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void TheTreeGoesDownToTheHashOfEachFileAndUpToEachEnvironment()
    {
        _build.Deploy(1);
        Assert.Equal(
            [
                "sales version 1, created 2019-04-01 12:00Z, gate Passed",
                $"model {_space.Registry.Find("sales", 1).ModelHash}",
                "served in 'production' from 2019-04-01 12:00Z to now, deployed by ann",
                "made by",
                $"  Train, recipe {Recipe("Train")}",
                $"    Features, recipe {Recipe("Features")}",
                $"      Split, recipe {Recipe("Split")}",
                $"        Validate, recipe {Recipe("Validate")}",
                $"          Ingest/2019-01, recipe {Recipe("Ingest/2019-01")}",
                $"            2019-01.csv  {ContentHash.Of(January)}",
                $"          Ingest/2019-02, recipe {Recipe("Ingest/2019-02")}",
                $"            2019-02.csv  {ContentHash.Of(February)}",
                "    Split, see above",
                "judged and described by",
                $"  Card, recipe {Recipe("Card")}",
                $"    Evaluate, recipe {Recipe("Evaluate")}",
                "      Features, see above",
                "      Split, see above",
                "      Train, see above",
                "    Features, see above",
                "    Split, see above",
                "    Train, see above",
                $"  Reference, recipe {Recipe("Reference")}",
                "    Features, see above",
                "    Split, see above",
                "    Train, see above",
                "    Validate, see above",
            ],
            Run(null));
    }

    [Fact]
    public void AVersionThatNeverServedSaysSo() => Assert.Equal("never deployed", Run(null).ElementAt(2));

    [Fact]
    public void TheJsonHasEveryParameterPackageAndFile()
    {
        var file = FileOf("lineage.json");
        Assert.Equal([$"sales version 1: its lineage is in '{file}'"], Run(file));

        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var units = json.RootElement.GetProperty("units").EnumerateArray().ToArray();
        Assert.Equal(
            [
                "Ingest/2019-01", "Ingest/2019-02", "Validate", "Split", "Features", "Train", "Evaluate", "Card",
                "Reference",
            ],
            units.Select(unit => unit.GetProperty("unit").GetString()));
        Assert.Equal(
            ContentHash.Of(January).Hex, units[0].GetProperty("files")[0].GetProperty("hash").GetString());
        Assert.Contains(
            units[5].GetProperty("parameters").EnumerateArray(),
            parameter => parameter.GetProperty("name").GetString() == "Iterations"
                && parameter.GetProperty("value").GetString() == "30");
        Assert.Equal("Train", json.RootElement.GetProperty("maker").GetString());
    }

    [Fact]
    public void ThePictureNeedsNothingElseAndIsTheSameEachTime()
    {
        _build.Deploy(1);
        var (one, other) = (FileOf("one.svg"), FileOf("other.SVG"));
        Run(one);
        Run(other);

        Assert.Equal(File.ReadAllText(one), File.ReadAllText(other));
        var picture = XDocument.Load(one).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(svg + "svg", picture.Name);
        Assert.DoesNotContain(picture.DescendantsAndSelf().Attributes(), attribute =>
            !attribute.IsNamespaceDeclaration && attribute.Value.Contains("://", StringComparison.Ordinal));
        var names = picture.Descendants(svg + "text").Select(text => text.Value).ToArray();
        Assert.Superset(
            new HashSet<string> { "2019-01.csv", "Ingest/2019-02", "Train", "Evaluate", "sales 1", "production" },
            names.ToHashSet());
        // Two files, two ingests, seven other stages, version and environment.
        Assert.Equal(13, picture.Elements(svg + "g").Count());
        // From files to Split 5, to Features 1, Train 2, Evaluate 3, Card 4, Reference 4, and from there to the
        // environment 4.
        Assert.Equal(23, picture.Elements(svg + "path").Count());
    }

    [Fact]
    public void ManyPartitionsShareABox()
    {
        var units = Enumerable.Range(0, 1000).Select(i => new LineageUnit(
            $"Ingest/{i:0000}", new('a', 64), [], [new($"{i:0000}.csv", new('b', 64))], [], []));
        var train = new LineageUnit(
            "Train", new('c', 64), [.. Enumerable.Range(0, 1000).Select(i => $"Ingest/{i:0000}")], [], [], []);
        var svg = LineagePicture.Svg(new(
            "sales", 1, new('d', 64), DateTimeOffset.UnixEpoch, Registry.GateOutcome.Passed, "Train",
            [.. units, train],
            [new("production", DateTimeOffset.UnixEpoch, null, "ann", "<why> & \u0001", null)]));

        XNamespace space = "http://www.w3.org/2000/svg";
        Assert.Equal(
            ["1,000 files", "Ingest", "1,000 partitions", "Train", "sales 1", "production"],
            XDocument.Parse(svg).Descendants(space + "text").Select(text => text.Value)
                .Where(text => text.Length > 0 && !text.Contains("recipe") && !text.Contains("gate")
                    && !text.Contains("to now")));
    }

    [Fact]
    public void AnotherKindOfFileIsRefused() => Assert.Equal(
        $"--file is '{FileOf("lineage.png")}', expected a name with .json for all of it, or with .svg for a picture.",
        Assert.Throws<PipelineException>(() => Run(FileOf("lineage.png"))).Message);

    [Fact]
    public void ALostRecipeIsNamed()
    {
        var lost = _space.Registry.Find("sales", 1).Evidence.Attachments["recipe:Split"];
        _space.Lose(lost);
        Assert.Equal(
            $"sales version 1: its 'recipe:Split' cannot be read. Artifact {lost.Short} is not in the store. Ask " +
            "where it was registered, or import it from there: ./build.sh Import.",
            Assert.Throws<LineageException>(() => Run(null)).Message);
    }

    [Fact]
    public void AVersionWithoutRecipesSaysSo()
    {
        var version = _space.Registry.Find("sales", 1);
        _space.Registry.Register(new(
            "sales", version.ModelHash, version.Evidence with { Attachments = new([]) }, "ann"));
        Assert.Equal(
            "sales version 1 was registered without recipes, so nobody can say what made it. Register it again: " +
            "./build.sh Register.",
            Assert.Throws<LineageException>(() => Run(null)).Message);
    }

    private static string January => Sales.Csv(1000, seed: 1);

    private static string February => Sales.Csv(1000, seed: 2, firstId: 5000);

    private string FileOf(string name) => Path.Combine(_space.Workspace.RootFolder, name);

    private string Recipe(string unit) =>
        _space.Registry.Find("sales", 1).Evidence.Attachments[$"recipe:{unit}"].Short;

    private IEnumerable<string> Run(string? file) =>
        LineageCommand.Run(_space.Registry, _space.Workspace.Artifacts, "sales", 1, file, Page.Endless);
}
