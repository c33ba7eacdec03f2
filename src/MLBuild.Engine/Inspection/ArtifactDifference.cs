namespace MLBuild.Engine.Inspection;

/// <summary>Names the first difference between two artifacts of one kind; an <see cref="IArtifactView"/> may be one
/// too.</summary>
public interface IArtifactDifference
{
    /// <summary>True if it can compare outputs with this name.</summary>
    bool Compares(string output);

    /// <summary>The first difference in words with both values, or null if it sees none: then the bytes tell.</summary>
    string? FirstDifference(string expectedPath, string actualPath);
}
