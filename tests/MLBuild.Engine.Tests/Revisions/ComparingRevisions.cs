using MLBuild.Engine.Inspection;
using MLBuild.Engine.Revisions;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Revisions;

/// <summary>A run keeps which recipes its commit has, and a later one is compared with them.</summary>
public sealed class ComparingRevisions : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .With("jan.csv", "1").With("feb.csv", "2").With(".gitignore", "store\nartifacts\n")
        .WithStage("ingest", reads: "jan.csv feb.csv mar.csv")
        .WithStage("join", reads: "ingest")
        .WithStage("train", reads: "join", options: new Rate(0.05));

    private readonly TestRepository _git;

    private sealed record Rate(double Value);

    public ComparingRevisions()
    {
        _git = new(_space[""]);
        _git.Git("init", "-q");
    }

    [Fact]
    public async Task DifferencesAreNamedEntryByEntry()
    {
        await RunAt("one");
        _git.Git("tag", "v1.2");
        var commit = _git.Git("rev-parse", "--short=8", "HEAD");
        _space.Stage("train").Options = new Rate(0.1);
        Assert.Equal(
        [
            $"train compared with v1.2 (commit {commit}):",
            $"  then: built 2019-02-01 12:00 UTC in 0.00 s, recipe {Print(0)}",
            "  now:  would run because parameter 'Value' changed: 0.05 -> 0.1",
            "  parameter 'Value' changed: 0.05 -> 0.1",
        ], Lines("train", "v1.2"));

        await RunAt("two");
        Assert.Equal("  now:  up to date, built 2019-02-02 12:00 UTC in 0.00 s, recipe " + Print(1),
            Lines("train", "v1.2")[2]);
        Assert.Equal($"train: the same recipe as at HEAD (commit {_git.Git("rev-parse", "--short=8", "HEAD")})",
            Lines("train", "HEAD")[0]);
    }

    [Fact]
    public async Task StagesBehindThatDifferFollowAndPartitionsAreSummedUp()
    {
        await RunAt("one");
        _space.Write("jan.csv", "3");
        File.Delete(_space["feb.csv"]);
        _space.Write("mar.csv", "4");
        await RunAt("two");
        var commit = _git.Git("rev-parse", "HEAD~1");
        var lines = Lines("train", "HEAD~1");
        Assert.StartsWith("  input 'join/out.txt' changed: ", lines[3]);
        Assert.Equal("", lines[4]);
        Assert.Equal($"join compared with HEAD~1 (commit {commit[..8]}):", lines[5]);
        Assert.Equal(
        [
            "",
            $"ingest compared with HEAD~1 (commit {commit[..8]}): 3 of 3 partitions differ",
            "  feb: is gone",
            "  jan: input 'jan.csv' changed: 6b86b273 -> 4e074085",
            "  mar: is new",
        ], lines[^5..]);
    }

    [Fact]
    public async Task ARunWithEditsIsKeptBesideThatOfTheCommit()
    {
        await RunAt("one");
        var clean = Print(0);
        _space.Write("jan.csv", "3");
        await Run();
        var commit = _git.Git("rev-parse", "HEAD");
        Assert.Equal([TreeState.Committed, TreeState.Edited], _space.Workspace().Revisions.Find(commit)
            .Where(entry => entry.Unit == "train").Select(entry => entry.State));
        Assert.Contains(clean, Lines("train", "HEAD")[1]);

        File.Delete(_space["mar.csv"]);
        _git.Commit("two");
        _space.Write("jan.csv", "5");
        await Run();
        Assert.StartsWith($"train: the same recipe as at HEAD (commit {_git.Git("rev-parse", "--short=8", "HEAD")}), " +
            "with edits", Lines("train", "HEAD")[0]);
    }

    [Fact]
    public async Task NothingIsWrittenWhereAllIsKnown()
    {
        var commit = await RunAt("one");
        var file = _space[$"store/revisions/{commit}"];
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        await Run();
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Assert.Equal(["ingest/feb", "ingest/jan", "join", "train"],
            _space.Workspace().Revisions.Find(commit).Select(entry => entry.Unit));

        var other = await RunAt("another commit with the same recipes");
        Assert.Equal(4, _space.Workspace().Revisions.Find(other).Count);
    }

    [Fact]
    public async Task WhatIsNotThereIsSaid()
    {
        var folder = _space[""];
        Assert.Equal($"git knows no revision 'v9' in '{folder}'. Name a tag, a branch, a commit or HEAD~1.",
            Fault("v9"));
        var first = _git.Commit("never built");
        Assert.Equal($"No run of HEAD (commit {first[..8]}) is recorded in this store. No run of any commit of this " +
            "repository is; every run records its own.", Fault("HEAD"));
        var second = await RunAt("built", "join");
        Assert.Equal($"No run of HEAD~1 (commit {first[..8]}) is recorded in this store. Nearest recorded: " +
            $"{second[..8]} (1 commit later).", Fault("HEAD~1"));
        Assert.Equal($"The recorded run of commit {second[..8]} has no train. It has: ingest, join.", Fault(second));

        using var outside = new TempFolder();
        Assert.Equal($"--against HEAD needs a git repository, and '{outside.Path}' is not in one.",
            Assert.Throws<PipelineException>(() => new Git(outside.Path).CommitOf("HEAD")).Message);
    }

    [Fact]
    public void TheCommitIsReadWithoutGit()
    {
        Assert.Null(GitFolder.Above(_space[""])!.Head());
        var commit = _git.Commit("one");
        Assert.Equal(commit, GitFolder.Above(_space["deep/down"])!.Head());
        _git.Git("worktree", "add", "-q", "-b", "other", _space["tree"]);
        _git.Git("pack-refs", "--all");
        Assert.Equal(commit, GitFolder.Above(_space[""])!.Head());
        Assert.Equal(commit, GitFolder.Above(_space["tree"])!.Head());
        _git.Git("checkout", "-q", "--detach");
        Assert.Equal(commit, GitFolder.Above(_space[""])!.Head());
    }

    public void Dispose() => _space.Dispose();

    private async Task<string> RunAt(string message, params string[] stages)
    {
        var commit = _git.Commit(message);
        await Run(stages);
        return commit;
    }

    private async Task Run(params string[] stages)
    {
        _space.Clock.Advance(TimeSpan.FromDays(1));
        using var runner = _space.Runner();
        var log = RevisionLog.Begin(_space.Workspace(), _space[""])!;
        await _space.Outcomes(runner, stages);
        await log.Keep(runner.Done(), default);
    }

    // The recipe of train's build, by its day.
    private string Print(int day) => _space.Workspace().Records.All().Where(record => record.Stage == "train")
        .OrderBy(record => record.FinishedAt).ElementAt(day).Fingerprint.Short;

    private string[] Lines(string stage, string revision) =>
    [
        .. new RevisionComparison(_space.Workspace(), new(_space[""]),
            new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(new(stage)))
            .Lines(new(stage), revision),
    ];

    private string Fault(string revision) =>
        Assert.Throws<PipelineException>(() => Lines("train", revision)).Message;
}
