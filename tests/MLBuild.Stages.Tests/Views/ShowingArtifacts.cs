using MLBuild.Engine.Inspection;
using MLBuild.Learning.Models;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Tables;
using MLBuild.Stages.Views;

namespace MLBuild.Stages.Tests.Views;

/// <summary>What a person sees of each kind of artifact.</summary>
public sealed class ShowingArtifacts : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PipelineSpace _space = new();

    public void Dispose()
    {
        _folder.Dispose();
        _space.Dispose();
    }

    [Fact]
    public void AShortTextIsShownWhole() => Assert.Equal("a\nb\n", Shown(_folder.Write("a.json", "a\nb\n")));

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void ALongTextIsShownAsFarAsALine(int lines, bool more)
    {
        var path = _folder.Write("a.csv", string.Concat(Enumerable.Range(1, lines).Select(i => $"{i}\n")));
        var shown = string.Concat(Enumerable.Range(1, 60).Select(i => $"{i}\n"));
        Assert.Equal(more ? $"{shown}… more: {path}\n" : shown, Shown(path));
    }

    [Theory]
    [InlineData(TrainerKind.LightGbm, "LightGbm, 5 trees of at most 4 leaves")]
    [InlineData(TrainerKind.Linear, "Linear")]
    public async Task AModelIsShownByWhatItIsAndTakes(TrainerKind trainer, string what)
    {
        _space.Write("a.csv", Sales.Csv(600, seed: 1));
        await new SaleBuild(_space) { Train = new() { Trainer = trainer, Iterations = 5, Leaves = 4 } }.Done("Train");
        Assert.Equal(
            $"{what}\n  area (Numeric)\n  rooms (Numeric)\n  district_code (Categorical)\n",
            Shown(_space.Output("Train", "model.zip")));
        Assert.StartsWith("rows 432, columns 8, row groups 1\n",
            Shown(_space.Output("Split", "train.parquet")));
    }

    [Theory]
    [InlineData("rows.parquet")]
    [InlineData("report.json")]
    [InlineData("quarantine.csv")]
    [InlineData("model.zip")]
    public void EveryOutputOfAStageHasOneView(string output) =>
        Assert.Single(StageViews.All, view => view.Shows(output));

    [Fact]
    public void OtherFilesHaveNone() => Assert.DoesNotContain(StageViews.All, view => view.Shows("picture.png"));

    private static string Shown(string path)
    {
        using var text = new StringWriter { NewLine = "\n" };
        View(path).Show(path, text);
        return text.ToString();
    }

    private static IArtifactView View(string path) => StageViews.All.Single(view => view.Shows(path));
}
