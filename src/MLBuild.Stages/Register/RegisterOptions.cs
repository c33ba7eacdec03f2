namespace MLBuild.Stages.Register;

/// <summary>Where and by whom a model is registered.</summary>
public sealed record RegisterOptions
{
    /// <summary>The registry's file.</summary>
    public required string Registry { get; init; }

    /// <summary>The model's name: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The person or build that registers it.</summary>
    public required string Who { get; init; }
}
