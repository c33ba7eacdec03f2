namespace MLBuild.Registry;

/// <summary>A registry did not do what it was asked for; nothing was changed, except where the message says that nobody
/// can tell. It names the model or the registry, what was expected and what to do, and never a password.</summary>
public sealed class RegistryException(RegistryFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public RegistryFault Fault { get; } = fault;
}

/// <summary>Who or what is to blame.</summary>
public enum RegistryFault
{
    /// <summary>The request itself: a bad name, a metric that is not a number, an override without a reason.</summary>
    InvalidRequest,

    /// <summary>The model has no version of that number.</summary>
    UnknownVersion,

    /// <summary>The version did not pass its gate, and nobody overrode that.</summary>
    GateNotPassed,

    /// <summary>The version was put aside.</summary>
    Archived,

    /// <summary>The version serves, so it cannot be put aside.</summary>
    StillServing,

    /// <summary>Something else serves than was expected: somebody deployed in between.</summary>
    ServingChanged,

    /// <summary>A rollout is under way, so nothing else can be deployed; or there is none to be continued or ended, or
    /// somebody else has continued or ended it in between.</summary>
    RolloutChanged,

    /// <summary>Another process held the registry for longer than the caller would wait.</summary>
    Busy,

    /// <summary>This user, this disk or this server may not write there.</summary>
    ReadOnly,

    /// <summary>No room for the change.</summary>
    DiskFull,

    /// <summary>The place cannot be reached, opened, read or written.</summary>
    Unreachable,

    /// <summary>The server does not let this user in, or not read.</summary>
    Denied,

    /// <summary>The database contradicts itself.</summary>
    Damaged,

    /// <summary>A database, but somebody else's.</summary>
    NotARegistry,

    /// <summary>Written by a later MLBuild.</summary>
    NewerSchema,

    /// <summary>What says where the registry is makes no sense.</summary>
    InvalidPlace,
}
