namespace MLBuild.Store;

/// <summary>Bytes by hash. Every implementation passes the same contract suite.</summary>
public interface IArtifactStore
{
    /// <summary>Moves a finished file or folder into the store and returns what it is. Safe to call from several
    /// processes at once: an artifact appears under its hash only when complete. Adding what is present changes
    /// nothing.</summary>
    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    /// <exception cref="StoreUnavailableException">The disk is full or read-only; nothing was added. A file is still
    /// where it was; of a folder, some files may already be in the store.</exception>
    /// <exception cref="StoreException">A folder holds what cannot be stored: a link to another folder; or a file is
    /// still open in this program.</exception>
    Artifact Add(string path);

    /// <summary>True if the artifact is there with its size, all files of a folder included. Does not read the bytes:
    /// reading verifies them.</summary>
    bool Contains(Artifact artifact);

    /// <summary>The verified bytes of a file artifact as a read-only path.</summary>
    /// <exception cref="LostArtifactException">It is missing, or was damaged and is now quarantined.</exception>
    string Verified(ContentHash hash);

    /// <summary>Copies an artifact to <paramref name="path"/>, read-only, and verified while it is copied. What is
    /// there is replaced by the whole copy: a file by a file in one step, else with a moment in which nothing is there.
    /// The copy shares no bytes with the store, so editing it cannot damage the store.</summary>
    /// <exception cref="LostArtifactException">It is missing, or was damaged and is now quarantined; nothing was
    /// copied.</exception>
    /// <exception cref="PlaceUnavailableException"><paramref name="path"/> cannot be written.</exception>
    void Restore(Artifact artifact, string path);
}
