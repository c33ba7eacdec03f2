using MLBuild.Registry;

namespace MLBuild.Stages.Register;

/// <summary>Where and by whom a model is registered.</summary>
public sealed record RegisterOptions
{
    /// <summary>The registry. It is in the recipe, so a password is not: the stage takes it from where Npgsql looks,
    /// <c>PGPASSWORD</c> or <c>~/.pgpass</c>.</summary>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: it has a password.</exception>
    public required RegistryPlace Registry { get; init => field = value.DemandNoPassword(); }

    /// <summary>The model's name: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The person or build that registers it.</summary>
    public required string Who { get; init; }
}
