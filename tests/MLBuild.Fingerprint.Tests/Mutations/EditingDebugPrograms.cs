using Microsoft.CodeAnalysis;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>The same edits in a build that is not optimised: nothing is missed there either.</summary>
public sealed class EditingDebugPrograms
{
    private static readonly Subject Program = new(
        MutationTable.Taxi.Program with { Optimization = OptimizationLevel.Debug });

    private static readonly Dictionary<string, string> Needless = new()
    {
        // A block has a branch to its only return.
        [UnrelatedEdits.ExpressionToBlock] = "Evaluate",
    };

    public static TheoryData<string> Edits => MutationTable.Taxi.Edits;

    [Theory]
    [MemberData(nameof(Edits))]
    public void Changes(string edit) =>
        Program.Check(MutationTable.Taxi[edit], Needless.GetValueOrDefault(edit, ""));
}
