using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Each edit changes the stages that it should, in an optimised build, as every build program is.</summary>
public sealed class EditingPrograms
{
    private const int FewestEdits = 85;
    private const int MostNeedless = 2;

    /// <summary>What is rerun although nothing changed for it, with the reason; nothing that is missed can stand
    /// here.</summary>
    private static readonly Dictionary<string, string> Needless = [];

    [Theory]
    [MemberData(nameof(MutationTable.Names), MemberType = typeof(MutationTable))]
    public void Reruns(string edit)
    {
        var mutation = MutationTable.Find(edit);
        var needless = Needless.GetValueOrDefault(edit, "");
        Assert.Equal($"{mutation.Changes} {needless}".Trim(), MutationTable.Release.ChangedBy(mutation));
    }

    [Fact]
    public void TableIsLargeAndAlmostExact()
    {
        Assert.True(MutationTable.Names.Count >= FewestEdits, $"{MutationTable.Names.Count} edits");
        Assert.True(Needless.Count <= MostNeedless, string.Join(", ", Needless.Keys));
    }
}
