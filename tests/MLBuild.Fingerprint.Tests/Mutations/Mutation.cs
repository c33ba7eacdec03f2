using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>One edit of a program and the stages whose code it changes, written down before any run.</summary>
/// <param name="Edit">Changes the sources or what is beside them.</param>
/// <param name="Changes">The stages that must change, and no others may; by spaces.</param>
/// <param name="Set">Changes values of the running program instead.</param>
public sealed record Mutation(
    string Name,
    Func<SampleProgram, SampleProgram> Edit,
    string Changes,
    Action<RunningProgram>? Set = null)
{
    public Mutation(string name, Action<RunningProgram> set, string changes)
        : this(name, program => program, changes, set)
    {
    }
}
