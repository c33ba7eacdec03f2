namespace MLBuild.Engine.Code;

/// <summary>How a stage's code enters its recipe.</summary>
public enum CodeMode
{
    /// <summary>By what the code can reach.</summary>
    Reachable,

    /// <summary>By every member of every user assembly.</summary>
    Assemblies,

    /// <summary>By a version that its author writes.</summary>
    Version,
}

/// <summary>What a stage's author says of how its code is tracked.</summary>
/// <param name="Version">The author's version, for <see cref="CodeMode.Version"/>; else null.</param>
/// <param name="TrustedBecause">Why reachability is right although the code uses reflection that cannot be followed;
/// null if nobody said so.</param>
/// <param name="Reflected">Types that count whole, because a package reflects over them.</param>
public sealed record CodeTracking(
    CodeMode Mode, string? Version = null, string? TrustedBecause = null, IReadOnlyList<Type>? Reflected = null)
{
    public static readonly CodeTracking ByReach = new(CodeMode.Reachable);
}
