namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Each edit of what is only known at run time changes the stages that it should.</summary>
public sealed class EditingHardPrograms
{
    private static readonly Subject Program = new(MutationTable.Hard.Program);

    public static TheoryData<string> Edits => MutationTable.Hard.Edits;

    [Theory]
    [MemberData(nameof(Edits))]
    public void Changes(string edit) => Program.Check(MutationTable.Hard[edit]);
}
