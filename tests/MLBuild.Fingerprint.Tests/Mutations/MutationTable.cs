using Microsoft.CodeAnalysis;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Every edit of the taxi program, with what may be rerun needlessly.</summary>
public static class MutationTable
{
    private static readonly Dictionary<string, Mutation> ByName = new Mutation[][]
    {
        NeutralEdits.Texts, NeutralEdits.Names, NeutralEdits.Order,
        UnrelatedEdits.Additions, UnrelatedEdits.Elsewhere, UnrelatedEdits.Declarations, UnrelatedEdits.Hardest,
        BodyEdits.Bodies, BodyEdits.Dispatch,
        ShapeEdits.Shapes, ShapeEdits.Constants,
        StateEdits.Statics, StateEdits.Outside, StateEdits.Captured,
    }.SelectMany(group => group).ToDictionary(mutation => mutation.Name, StringComparer.Ordinal);

    public static readonly SampleProgram Taxi = SampleProgram.Read("Taxi", "Domain", "_build");

    public static readonly Subject Release = new(Taxi);

    public static readonly Subject Debug = new(Taxi with { Optimization = OptimizationLevel.Debug });

    public static TheoryData<string> Names => [.. ByName.Keys];

    public static Mutation Find(string name) => ByName[name];
}
