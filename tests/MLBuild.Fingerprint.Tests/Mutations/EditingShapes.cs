namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>However the compiler or the framework comes to a piece of code, editing it changes its stage and no
/// other.</summary>
public sealed class EditingShapes
{
    private static readonly Subject Program = new(MutationTable.Shapes.Program);

    public static TheoryData<string> Edits => MutationTable.Shapes.Edits;

    [Theory]
    [MemberData(nameof(Edits))]
    public void Changes(string edit) => Program.Check(MutationTable.Shapes[edit]);
}
