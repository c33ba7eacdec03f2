using System.Text.Json;
using MLBuild.Engine.Tests.Commands;

namespace MLBuild.Acceptance.Tests;

/// <summary>What is cached, what is in it, why something runs, and what would run. Nothing here changes
/// anything.</summary>
public sealed class Inspecting : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Fact]
    public void ArtifactsListsByStage()
    {
        var lines = _project.Run("Artifacts").Succeeded().OutputOf("Artifacts");
        Assert.Equal(
            ["Ingest    fresh", "Validate  fresh", "Split     fresh", "Features  fresh", "Train     fresh"],
            lines.Skip(1).Take(5).Select(line => line[..15]));
        Assert.Equal(
            [
                "Features/features.code.txt", "Features/features.json", "Features/features.state",
                "Features/holdout.features.parquet", "Features/leakage.json", "Features/profile.json",
                "Features/train.features.parquet",
                "Ingest/ingest.json", "Ingest/left-out.csv", "Ingest/quarantine.csv", "Ingest/rows.parquet",
                "Split/holdout.parquet", "Split/split.json", "Split/train.parquet", "Train/model.zip",
                "Train/training.json",
                "Validate/contract.json", "Validate/left-out.csv", "Validate/rows.parquet", "Validate/set-aside.csv",
                "Validate/validation.html", "Validate/validation.json",
            ],
            lines.Skip(8).Select(Name).Order(StringComparer.Ordinal));
    }

    [UnixFact]
    public void ATerminalGetsColoursAndItsOwnWidth()
    {
        foreach (var (variable, colour) in (IEnumerable<(string, string)>)[("", "\e[33m"), ("NO_COLOR=1 ", "")])
        {
            var command = $"stty cols 80; {variable}TERM=xterm dotnet '{BuildProgram.Dll}' Why --of-stage feat " +
                $"--hold-out-share 0.3 --split-seed 2 --root '{_project.Root}'; {variable}TERM=xterm dotnet " +
                $"'{BuildProgram.Dll}' Artifacts --split-seed 2 --root '{_project.Root}'";
            var start = _project.StartInfo("script", "-qefc", command, "/dev/null");
            start.Environment["NO_COLOR"] = null;
            var (_, output, _) = BuildProgram.Run(start);
            var lines = output.ReplaceLineEndings("\n").Split('\n');
            Assert.Contains("Split: would run because parameter 'HoldOutShare' changed: 0.2 -> 0.3; parameter", lines);
            Assert.Contains("  'SplitSeed' changed: 1 -> 2", lines);
            Assert.Contains(lines, line => line.StartsWith(
                colour.Length > 0 ? $"Split     {colour}stale\e[0m" : "Split     stale ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ProgramsReadAnswersInAFile()
    {
        foreach (var (command, field) in (IEnumerable<(string[], string)>)
            [
                (["Artifacts"], "stages"), (["Show", "--artifact", "Train/mo"], "content"),
                (["Why", "--of-stage", "tra"], "now"),
            ])
        {
            _project.Run([.. command, "--file", _project.PathOf("answer.json")]).Succeeded();
            using var json = JsonDocument.Parse(_project.Read("answer.json"));
            Assert.True(json.RootElement.TryGetProperty(field, out _), json.RootElement.GetRawText());
        }
    }

    [Fact]
    public void DiffTellsWhatAnotherTrainingChanged()
    {
        _project.Run("Train", "--iterations", "200").Succeeded();
        var lines = _project.Run("Diff", "--from", "Train/model.zip~1", "--to", "Train/model.zip").Succeeded()
            .OutputOf("Diff");
        Assert.Contains("  parameter 'Iterations' changed: 300 -> 200", lines);
        Assert.Contains("trees        300         200", lines);
        Assert.Equal(
            ["--key ids names"], _project.Run("Diff", "--from", "Split/train.parquet", "--to", "Split/holdout.parquet",
                "--key", "ids").Failure.Select(line => line.Replace("names 'ids', which is no column of both tables " +
                "with one type. Such columns: ", "ids names|", StringComparison.Ordinal).Split('|')[0]));
    }

    [Fact]
    public void AnArtifactIsWrittenOutAndNothingElseBesideIt()
    {
        var file = _project.PathOf("mine/model.zip");
        var run = _project.Run("Export", "--artifact", "Train/mo", "--file", file).Succeeded();
        Assert.Matches(@"Train/model\.zip \([0-9a-f]{8}\) is in '.*model\.zip': ", run.Text);
        Assert.Equal(File.ReadAllBytes(_project.PathOf("artifacts/Train/model.zip")), File.ReadAllBytes(file));
        Assert.Contains("neither is given. Give one of the two.",
            Assert.Single(_project.Run("Export", "--file", file).Failure));
        Assert.Equal([file], Directory.GetFiles(_project.PathOf("mine")));
    }

    [Fact]
    public void ArtifactsOfOneStageShowsOlderOnesToo()
    {
        _project.Run("Train", "--leaves", "31").Succeeded();
        var lines = _project.Run("Artifacts", "--of-stage", "train").Succeeded().OutputOf("Artifacts");
        Assert.Contains("; 1 older result, ", lines[0]);
        Assert.Equal("  read by Evaluate, Card, Reference, Register", lines[1]);
        // The model of the default options, which this command means, and the one of other options.
        Assert.Equal(
            [
                "Train/model.zip stale", "Train/training.json stale", "Train/model.zip fresh",
                "Train/training.json fresh",
            ],
            lines.Skip(4).Take(4).Select(line => $"{Name(line)} {line.Split(' ')[^1]}"));
        Assert.Equal("./build.sh Why --of-stage Train says why it is stale.", lines[^1]);
    }

    [Theory]
    [InlineData("Split/train.parquet", "rows 2,359, columns 20, row groups 1")]
    [InlineData("Split/train.parquet", "trip_distance          Double         0  ")]
    [InlineData("Split/split.json", "\"keysOnBothSides\": 0")]
    [InlineData("Validate/set-aside.csv", "2019-01.csv  128   pickup_datetime, dropoff_datetime  " +
        "2019-01-30 14:13:09, 2019-01-31 13:49:09  trip over six hours")]
    [InlineData("Train/model.zip", "pickup_zone           Categorical")]
    [InlineData("Train/model.zip", ": ./build.sh Train ")]
    [InlineData("train/MODEL.zip", "LightGbm, 300 trees of at most ")]
    [InlineData("Ingest/2019-02/ingest.json", "\"file\": \"2019-02.csv\"")]
    public void ShowTellsWhatIsInside(string artifact, string expected)
    {
        var text = _project.Run("Show", "--artifact", artifact).Succeeded().Text;
        Assert.Contains(expected, text);
    }

    [Fact]
    public void ShowTakesTheFirstDigitsOfAHash()
    {
        var hash = _project.Artifacts()["Train/model.zip"];
        var lines = _project.Run("Show", "--artifact", hash[..8]).Succeeded().OutputOf("Show");
        Assert.StartsWith("Train/model.zip, ", lines[0]);
        Assert.Equal(hash, lines[1]);
    }

    [Theory]
    [InlineData("Train/model.zp", " Did you mean 'Train/model.zip'?")]
    [InlineData("nothing like it", "")]
    [InlineData("1c4", "")]
    public void ShowSuggestsWhatWasMeant(string artifact, string suggestion)
    {
        var run = _project.Run("Show", "--artifact", artifact);
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(
            [
                $"There is no artifact '{artifact}'. Name one as Stage/output or by at least four digits of its " +
                $"hash; " +
                $"./build.sh Artifacts lists them.{suggestion}",
            ],
            run.Failure);
    }

    [Fact]
    public void WhyTellsWhatWouldRunAndWhatMadeTheLastResult()
    {
        Assert.Equal("Train: up to date", _project.Run("Why", "--of-stage", "Train").Succeeded().OutputOf("Why")[0]);
        Assert.Equal(
            "Train: would run because parameter 'LearningRate' changed: 0.1 -> 0.2",
            _project.Run("Why", "--of-stage", "Train", "--learning-rate", "0.2").Succeeded().OutputOf("Why")[0]);
        Assert.Equal(
            [
                "Split: would run because parameter 'HoldOutShare' changed: 0.2 -> 0.3",
                "Features: depends on what Split gives, which would run first",
            ],
            _project.Run("Why", "--of-stage", "features", "--hold-out-share", "0.3").Succeeded()
                .OutputOf("Why").Take(2));

        _project.Run("Train", "--learning-rate", "0.2").Succeeded();
        var built = _project.Run("Why", "--of-stage", "Train", "--learning-rate", "0.2").Succeeded().OutputOf("Why");
        Assert.Equal("Train: up to date", built[0]);
        Assert.EndsWith("Compared with the build before it:", built[2]);
        Assert.Equal("  parameter 'LearningRate' changed: 0.1 -> 0.2", built[3]);
    }

    [Fact]
    public void EmptyStoreIsSaid()
    {
        using var project = new TaxiProject("2019-01");
        Assert.Equal(
            ["Nothing is cached yet. ./build.sh Train makes the first artifacts."],
            project.Run("Artifacts").Succeeded().OutputOf("Artifacts"));
    }

    [Fact]
    public void PlanRunsNothing()
    {
        using var project = new TaxiProject("2019-01");
        var run = project.Run("Train", "--plan", "--skip", "Split").Succeeded();
        Assert.Equal(
            [
                "Plan (5 targets, in this order):",
                "",
                "  Ingest     // skipped because of Validate",
                "  Validate -> Ingest   // skipped because of Split",
                "  Split    -> Validate   // skipped via parameter",
                "  Features -> Split   // only when stale",
                "  Train    -> Features, Split   // only when stale",
            ],
            run.Lines.Skip(1).Take(7));
        Assert.False(Directory.Exists(project.PathOf("artifacts")));
    }

    [Fact]
    public void HelpNamesTargetsAndParameters()
    {
        var help = _project.Run("--help").Succeeded().Lines;
        Assert.Contains("  Train (default)      -> Features, Split", help);
        Assert.Contains("    Trains the fare model", help);
        Assert.Contains(help, line => line.StartsWith("  --learning-rate ", StringComparison.Ordinal)
            && line.EndsWith("  Part of each tree's correction that is taken, 0..1.", StringComparison.Ordinal));
        Assert.DoesNotContain(help, line => line.StartsWith("  Recent", StringComparison.Ordinal));
    }

    public void Dispose() => _project.Dispose();

    private static string Name(string line) => line.Split(' ')[0];
}
