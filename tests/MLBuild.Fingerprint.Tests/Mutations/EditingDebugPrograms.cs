using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>The same edits in a build that is not optimised: nothing is missed there either.</summary>
public sealed class EditingDebugPrograms
{
    private static readonly Dictionary<string, string> Needless = new()
    {
        // A block has a branch to its only return.
        [UnrelatedEdits.ExpressionToBlock] = "Evaluate",
    };

    [Theory]
    [MemberData(nameof(MutationTable.Names), MemberType = typeof(MutationTable))]
    public void Reruns(string edit)
    {
        var mutation = MutationTable.Find(edit);
        var needless = Needless.GetValueOrDefault(edit, "");
        Assert.Equal($"{mutation.Changes} {needless}".Trim(), MutationTable.Debug.ChangedBy(mutation));
    }
}
