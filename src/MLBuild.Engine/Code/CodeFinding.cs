namespace MLBuild.Engine.Code;

/// <summary>What kind of thing a stage's code reads or does without declaring it.</summary>
public enum CodeFindingKind
{
    /// <summary>A field or property of the build class, or a captured local. Its value is in the recipe anyway, unless
    /// it is a secret.</summary>
    BuildMember,

    /// <summary>A static field that may change while the program runs.</summary>
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
    CodeFindingKind Kind, string What, IReadOnlyList<string> Chain, string? Place)
{
    /// <summary><c>reads the clock (DateTime.UtcNow) without declaring it: Train -> Clock.Stamp, Clock.cs:7</c>.
    /// </summary>
    public override string ToString()
    {
        var where = string.Join(" -> ", Chain) + (Place is null ? "" : $", {Place}");
        return Words + (where.Length == 0 ? "" : $": {where.TrimStart(',', ' ')}");
    }

    private string Words => Kind switch
    {
        CodeFindingKind.BuildMember => $"reads {What} without declaring it in its options",
        CodeFindingKind.MutableStatic => $"reads the static field {What}, which other code may change",
        CodeFindingKind.Clock => $"reads the clock ({What}) without declaring it",
        CodeFindingKind.Environment => $"reads the environment ({What}) without declaring it",
        CodeFindingKind.Random => $"draws random numbers without a seed ({What})",
        CodeFindingKind.File => $"opens a file by a literal path ({What}) without declaring it",
        CodeFindingKind.Network => $"uses the network ({What}) without declaring it",
        CodeFindingKind.Process => $"starts a process ({What}) without declaring it",
        CodeFindingKind.Native => $"calls native code ({What}), which is not tracked",
        CodeFindingKind.Opaque =>
            $"reflects over what cannot be followed ({What}), so its code is tracked by whole assemblies",
        _ => throw new InvalidOperationException($"BUG: unknown finding {Kind}."),
    };
}
