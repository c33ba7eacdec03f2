using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Journal;

/// <summary>What History prints, at each width and as data.</summary>
public sealed class ListingRuns : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2019, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly TestSpace _space = new();

    [Fact]
    public void RedirectedNothingIsCut() => Assert.Equal(
        [
            "began (UTC)       outcome    ran  hit        took       saved  command",
            "2019-01-31 15:00  succeeded    0    3      0.09 s  6 min 15 s  Train",
            "2019-01-31 14:00  failed       1    2      3.20 s   2 min 3 s  Train --data \"C:/a long/way/to/the m" +
            "onths\"",
            "2019-01-31 13:00  succeeded    3    0  6 min 17 s              Train",
            "2019-01-31 12:00  killed       1    0                          Train",
            "",
            "2019-01-31 14:00 failed: Ingest: 1 of 3 partitions failed; the others are kept.",
            "2019-01-31 12:00 killed: its process died on here; what had ended by then is kept",
        ],
        Lines(Page.Endless));

    [Fact]
    public void AtEightyColumns() => Assert.Equal(
        [
            "began (UTC)       outcome    ran  hit        took       saved  command",
            "2019-01-31 15:00  succeeded    0    3      0.09 s  6 min 15 s  Train",
            "2019-01-31 14:00  failed       1    2      3.20 s   2 min 3 s  Train --data \"C:…",
            "2019-01-31 13:00  succeeded    3    0  6 min 17 s              Train",
            "2019-01-31 12:00  killed       1    0                          Train",
            "",
            "2019-01-31 14:00 failed: Ingest: 1 of 3 partitions failed; the others are kept.",
            "2019-01-31 12:00 killed: its process died on here; what had ended by then is",
            "  kept",
        ],
        Lines(new(80, HasColours: false)));

    [Fact]
    public void AtAHundredAndTwentyColumns() => Assert.Equal(
        [
            "began (UTC)       outcome    ran  hit        took       saved  command",
            "2019-01-31 15:00  succeeded    0    3      0.09 s  6 min 15 s  Train",
            "2019-01-31 14:00  failed       1    2      3.20 s   2 min 3 s  Train --data \"C:/a long/way/to/the m" +
            "onths\"",
            "2019-01-31 13:00  succeeded    3    0  6 min 17 s              Train",
            "2019-01-31 12:00  killed       1    0                          Train",
            "",
            "2019-01-31 14:00 failed: Ingest: 1 of 3 partitions failed; the others are kept.",
            "2019-01-31 12:00 killed: its process died on here; what had ended by then is kept",
        ],
        Lines(new(120, HasColours: false)));

    [Fact]
    public void OneStageAtEightyColumns() => Assert.Equal(
        [
            "began (UTC)       Ingest                       took      saved  why",
            "2019-01-31 15:00  up to date 2                       2 min 3 s",
            "2019-01-31 14:00  failed 1, up to date 2     3.00 s  2 min 3 s  2019-03.csv lin…",
            "2019-01-31 13:00  ran 2                   2 min 3 s             it was never bu…",
            "2019-01-31 12:00  ran 1                   1 min 1 s             it was never bu…",
            "",
            "2019-01-31 14:00 Ingest/2019-03 failed: 2019-03.csv line 1042: column",
            "  'passenger_count' is '4o', expected a whole number in 0..9",
            "2019-01-31 12:00 killed: its process died on here; what had ended by then is",
            "  kept",
            "",
            "Ingest ran in 2 of 4 runs: 1 min 1 s to 2 min 3 s",
        ],
        Lines(new(80, HasColours: false), "Ingest"));

    [Fact]
    public void OneStageAtAHundredAndTwentyColumns() => Assert.Equal(
        [
            "began (UTC)       Ingest                       took      saved  why",
            "2019-01-31 15:00  up to date 2                       2 min 3 s",
            "2019-01-31 14:00  failed 1, up to date 2     3.00 s  2 min 3 s  2019-03.csv line 1042: column 'pass" +
            "enger_count' is '4o'…",
            "2019-01-31 13:00  ran 2                   2 min 3 s             it was never built",
            "2019-01-31 12:00  ran 1                   1 min 1 s             it was never built",
            "",
            "2019-01-31 14:00 Ingest/2019-03 failed: 2019-03.csv line 1042: column 'passenger_count' is '4o', ex" +
            "pected a whole number",
            "  in 0..9",
            "2019-01-31 12:00 killed: its process died on here; what had ended by then is kept",
            "",
            "Ingest ran in 2 of 4 runs: 1 min 1 s to 2 min 3 s",
        ],
        Lines(new(120, HasColours: false), "Ingest"));

    [Theory]
    [InlineData(80, null)]
    [InlineData(80, "Ingest")]
    [InlineData(120, null)]
    [InlineData(120, "Ingest")]
    public void ColoursChangeNoText(int width, string? stage)
    {
        var coloured = Lines(new(width, HasColours: true), stage);
        Assert.Contains($"\e[32m{(stage is null ? "succeeded" : "ran 2")}\e[0m", coloured[3]);
        Assert.Contains($"\e[33m{(stage is null ? "failed" : "failed 1, up to date 2")}\e[0m", coloured[2]);
        Assert.Equal(
            Lines(new(width, HasColours: false), stage),
            coloured.Select(line => System.Text.RegularExpressions.Regex.Replace(line, @"\e\[\d+m", "")));
        Assert.All(Lines(new(width, HasColours: false), stage), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void OnlyTheLastAreListed() => Assert.Equal(
        ["2 of 4 runs; --last 4 shows all"], Lines(Page.Endless, last: 2).TakeLast(1));

    [Fact]
    public void NothingIsSaidInWords()
    {
        Assert.Equal(
            ["No run is kept yet. Whatever runs a stage makes one."],
            RunListingText.Lines(RunListing.Of(new(_space.Workspace()), null, 20), Page.Endless));
        Assert.Equal(
            ["No run that is kept had to do with Train. ./build.sh Train makes one."],
            RunListingText.Lines(RunListing.Of(new(_space.Workspace()), new("Train"), 20), Page.Endless));
    }

    [Fact]
    public void NumberOfRunsIsChecked() => Assert.Equal(
        "--last is '0', expected 1 or more.",
        Assert.Throws<PipelineException>(() => RunListing.Of(new(_space.Workspace()), null, 0)).Message);

    [Fact]
    public void DataHasNamesThatStay()
    {
        Journal();
        var file = _space["runs.json"];
        var listing = RunListing.Of(new(_space.Workspace()), new("Train"), 1);
        Assert.Equal(
            [$"Train: the last runs are in '{file}'"],
            new Answer("Train: the last runs are", listing, () => []).In(file));
        Assert.Equal(
            """
            {
              "kept": 4,
              "stage": "Train",
              "runs": [
                {
                  "id": "20190131T150000000Z-00000004",
                  "beganUtc": "2019-01-31T15:00:00+00:00",
                  "state": "Succeeded",
                  "durationSeconds": 0.09,
                  "savedSeconds": 252,
                  "command": "Train",
                  "host": "here",
                  "commit": "3fd9",
                  "failure": null,
                  "units": [
                    {
                      "name": "Train",
                      "fate": "Restored",
                      "count": 1,
                      "because": "same recipe as 2019-01-31",
                      "recipe": "116f54c41d0405dbb10e7b04ebc31e262a5b8c85c1233fcf36eaee344d91ae58",
                      "durationSeconds": 0,
                      "savedSeconds": 252,
                      "failure": null
                    }
                  ]
                }
              ]
            }

            """.ReplaceLineEndings("\n"), File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    public void Dispose() => _space.Dispose();

    private string[] Lines(Page page, string? stage = null, int last = 20)
    {
        Journal();
        return [.. RunListingText.Lines(
            RunListing.Of(new(_space.Workspace()), stage is null ? null : new StageName(stage), last), page)];
    }

    // Four runs, of which the third failed and the first was killed.
    private void Journal()
    {
        if (Directory.Exists(_space["store/runs"]))
            return;
        Write("20190131T120000000Z-00000001", RunText.Of(Start(0, "Train")) + RunText.Of(Ran("Ingest/2019-01", 61)),
            isWhole: false);
        Write("20190131T130000000Z-00000002", RunText.Of(Start(1, "Train")) + RunText.Of(Ran("Ingest/2019-01", 59.4)) +
            RunText.Of(Ran("Ingest/2019-02", 64)) + RunText.Of(Ran("Train", 252)) +
            RunText.OfEnd(RunState.Succeeded, TimeSpan.FromSeconds(377), null));
        Write("20190131T140000000Z-00000003", RunText.Of(Start(2, "Train --data \"C:/a long/way/to/the months\"")) +
            RunText.Of(Kept) +
            RunText.Of(new RunUnit("Ingest", "2019-03", UnitFate.Failed)
            {
                Because = "it was never built",
                Duration = TimeSpan.FromSeconds(3),
                Failure = "2019-03.csv line 1042: column 'passenger_count' is '4o', expected a whole number in 0..9",
            }) + RunText.Of(new RunUnit("Train", null, UnitFate.NotRun)
            {
                Because = "'Ingest', which it reads, has no result",
            }) + RunText.OfEnd(RunState.Failed, TimeSpan.FromSeconds(3.2),
                "Ingest: 1 of 3 partitions failed; the others are kept."));
        Write("20190131T150000000Z-00000004", RunText.Of(Start(3, "Train")) +
            RunText.Of(Kept) +
            RunText.Of(new RunUnit("Train", null, UnitFate.Restored)
            {
                Because = "same recipe as 2019-01-31",
                Saved = TimeSpan.FromSeconds(252),
                Fingerprint = Store.ContentHash.Of("train"),
            }) + RunText.OfEnd(RunState.Succeeded, TimeSpan.FromMilliseconds(90), null));
    }

    private static RunUnit Kept => new("Ingest", null, UnitFate.UpToDate)
    {
        Count = 2,
        Saved = TimeSpan.FromSeconds(123.4),
    };

    private static RunStart Start(int hour, string command) => new(Noon.AddHours(hour), command, "here", "3fd9");

    private static RunUnit Ran(string name, double seconds) =>
        new(name.Split('/')[0], name.Split('/', 2) is [_, var partition] ? partition : null, UnitFate.Ran)
        {
            Because = "it was never built",
            Duration = TimeSpan.FromSeconds(seconds),
        };

    private void Write(string id, string text, bool isWhole = true) =>
        _space.Write($"store/runs/{id}{(isWhole ? "" : ".begun")}", isWhole ? Store.SealedText.Seal(text) : text);
}
