using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Revisions;

/// <summary>Keeps, at the end of a run, which recipe each unit has at the commit that is checked out, so that later
/// ones can be compared with it.</summary>
public sealed class RevisionLog
{
    private readonly Workspace _workspace;
    private readonly string _root;
    private readonly GitFolder _git;
    private readonly string _commit;

    private RevisionLog(Workspace workspace, string root, GitFolder git, string commit) =>
        (_workspace, _root, _git, _commit) = (workspace, root, git, commit);

    /// <summary>The commit that was checked out when the run began.</summary>
    public string Commit => _commit;

    /// <summary>To be called when the run begins: long work may end on another commit. Null if the folder is in no
    /// repository.</summary>
    public static RevisionLog? Begin(Workspace workspace, string root)
    {
        try
        {
            return GitFolder.Above(root) is { } git && git.Head() is { } commit ? new(workspace, root, git,
                commit) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A repository that cannot be read is none to compare with.
            return null;
        }
    }

    /// <summary>Keeps what is new. Where all is known already, git is not started and nothing written.</summary>
    public async Task Keep(IEnumerable<StageOutcome.Done> outcomes, CancellationToken cancel)
    {
        // Texts, not tuples, whose collections would be compiled at each start.
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _workspace.Revisions.Find(_commit))
            known.Add($"{entry.Fingerprint} {entry.Unit}");
        var done = new List<StageOutcome.Done>();
        var isNew = false;
        foreach (var outcome in outcomes)
        {
            // What was left alone or is frozen may have another revision's recipe.
            if (outcome.IsLastResult)
                continue;
            done.Add(outcome);
            foreach (var unit in outcome.Units)
                isNew |= unit.Verdict is not Verdict.Frozen && !known.Contains(
                    $"{unit.Record.Fingerprint} {unit.Unit.Name}");
        }
        if (!isNew)
            return;
        var state = _git.Head() == _commit ? new Git(_root).State() : TreeState.Unknown;
        try
        {
            await _workspace.Revisions.Add(_commit,
                [.. done.SelectMany(outcome => outcome.Units).Where(unit => unit.Verdict is not Verdict.Frozen)
                    .Select(unit => new RevisionRecords.Entry(unit.Unit.Name, unit.Record.Fingerprint, state))],
                done.Where(outcome => outcome.LeftOut.Count == 0).Select(outcome =>
                    outcome.Stage.ToString()).ToHashSet(),
                cancel);
        }
        catch (StoreUnavailableException)
        {
            // The results are there; only a later comparison will miss this revision.
        }
    }
}
