namespace MLBuild.Engine.Inspection;

/// <summary>Says what matters of one kind of artifact in the summary that a build server shows of a run.</summary>
public interface IArtifactSummary
{
    /// <summary>True if it has something to say of an output with this name.</summary>
    bool Summarizes(string output);

    /// <summary>Lines of Markdown; whatever text is in the file is in them as
    /// <see cref="MarkdownText.Inline"/>.</summary>
    IEnumerable<string> Markdown(string path);

    /// <summary>By what later steps of a workflow decide, such as <c>verdict</c>: names and values of letters, digits
    /// and hyphens.</summary>
    IReadOnlyDictionary<string, string> StepOutputs(string path) => new Dictionary<string, string>();
}
