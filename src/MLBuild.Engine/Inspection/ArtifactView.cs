namespace MLBuild.Engine.Inspection;

/// <summary>Shows one kind of artifact to a person.</summary>
public interface IArtifactView
{
    /// <summary>True if it can show an output with this name.</summary>
    bool Shows(string output);

    /// <summary>Writes what is in the file, for a terminal.</summary>
    void Show(string path, TextWriter to);
}
