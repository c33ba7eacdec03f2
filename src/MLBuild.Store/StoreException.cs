namespace MLBuild.Store;

/// <summary>The store's disk, or something in the store, is to blame.</summary>
public class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A stored artifact is missing or its bytes no longer match its name. A damaged one has been quarantined, so
/// it will never be served.</summary>
public sealed class LostArtifactException(ContentHash hash, string message) : StoreException(message)
{
    public ContentHash Hash => hash;

    /// <summary>True if it was there, but damaged.</summary>
    public bool IsCorrupt { get; private init; }

    internal static LostArtifactException Missing(ContentHash hash) =>
        new(hash, $"Artifact {hash.Short} is not in the store.");

    internal static LostArtifactException Corrupt(ContentHash expected, ContentHash actual, string quarantine) =>
        new(expected, $"Artifact {expected.Short} is corrupt: its bytes hash to {actual.Short}. " +
            $"It was quarantined as '{quarantine}'.")
        { IsCorrupt = true };
}

/// <summary>The store could not be written: full, read-only, or not ours.</summary>
public sealed class StoreUnavailableException(string root, Exception inner) : StoreException(
    $"The store '{root}' cannot be written: {inner.Message.TrimEnd('.')}. Nothing was recorded and what was stored " +
    "before is intact. Free some space or permissions there, or set MLBUILD_STORE to another folder, and run the " +
    "same command again.",
    inner)
{
    /// <summary>True for what a full or forbidden disk throws.</summary>
    public static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException;
}

/// <summary>An artifact could not be put where it was wanted, outside the store.</summary>
public sealed class PlaceUnavailableException(string path, Exception inner) : StoreException(
    $"'{path}' cannot be written: {inner.Message.TrimEnd('.')}. Its bytes are safe in the store. Free some space or " +
    "permissions there and run the same command again.",
    inner);
