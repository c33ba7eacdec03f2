namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Each edit changes the stages that it should, in an optimised build, as every build program is.</summary>
public sealed class EditingPrograms
{
    private const int FewestEdits = 85;
    private const int MostNeedless = 2;

    private static readonly Subject Program = new(MutationTable.Taxi.Program);

    /// <summary>What is rerun although nothing changed for it, with the reason. What is missed cannot stand
    /// here.</summary>
    private static readonly Dictionary<string, string> Needless = [];

    public static TheoryData<string> Edits => MutationTable.Taxi.Edits;

    [Theory]
    [MemberData(nameof(Edits))]
    public void Changes(string edit) =>
        Program.Check(MutationTable.Taxi[edit], Needless.GetValueOrDefault(edit, ""));

    [Fact]
    public void TableIsLargeAndAlmostExact()
    {
        Assert.True(Edits.Count >= FewestEdits, $"{Edits.Count} edits");
        Assert.True(Needless.Count <= MostNeedless, string.Join(", ", Needless.Keys));
    }
}
