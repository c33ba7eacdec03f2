namespace MLBuild.Engine.Code;

/// <summary>What kind of thing a stage's code reads or does without declaring it.</summary>
public enum CodeFindingKind
{
    /// <summary>A field or property of the build class, or a captured local. Its value is in the recipe anyway.</summary>
    BuildMember,

    /// <summary>A static field that may change while the program runs. Its value at planning is in the recipe.</summary>
    MutableStatic,

    Clock,
    Environment,
    Random,

    /// <summary>A file named by a literal path.</summary>
    File,
    Network,
    Process,
    Native,

    /// <summary>Reflection or loading that cannot be followed: the stage is tracked by whole assemblies.</summary>
    Opaque,
}

/// <summary>One undeclared input of a stage's code, and how the code comes to it.</summary>
/// <param name="What">The member, in words: <c>Build.Epochs</c>, <c>DateTime.UtcNow</c>.</param>
/// <param name="Chain">The methods from the stage's code to the reading one.</param>
/// <param name="Place"><c>Stages.cs:100</c>, or null where there are no symbols.</param>
public sealed record CodeFinding(
    CodeFindingKind Kind, string What, IReadOnlyList<string> Chain, string? Place);
