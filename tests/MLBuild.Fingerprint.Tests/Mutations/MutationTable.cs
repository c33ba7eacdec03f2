using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>A program with the edits that are made to it.</summary>
public sealed class MutationTable(SampleProgram program, params Mutation[][] groups)
{
    public static readonly MutationTable Taxi = new(
        SampleProgram.Read("Taxi", "Domain", "_build"),
        NeutralEdits.Texts, NeutralEdits.Names, NeutralEdits.Order,
        UnrelatedEdits.Additions, UnrelatedEdits.Elsewhere, UnrelatedEdits.Declarations, UnrelatedEdits.Hardest,
        BodyEdits.Bodies, BodyEdits.Dispatch,
        ShapeEdits.Shapes, ShapeEdits.Constants,
        StateEdits.Statics, StateEdits.Outside, StateEdits.Captured);

    public static readonly MutationTable Hard = new(
        SampleProgram.Read("Hard", "Parts", "_build"),
        HardEdits.Objects, HardEdits.Slots, HardEdits.Registries, HardEdits.Tracking);

    public static readonly MutationTable Shapes = new(ShapesEdits.Program, ShapesEdits.Numbers, ShapesEdits.Values);

    private readonly Dictionary<string, Mutation> _byName = groups.SelectMany(group => group)
        .ToDictionary(mutation => mutation.Name, StringComparer.Ordinal);

    public SampleProgram Program => program;

    /// <summary>The names of the edits, as a theory takes them.</summary>
    public TheoryData<string> Edits => [.. _byName.Keys];

    public Mutation this[string edit] => _byName[edit];
}
