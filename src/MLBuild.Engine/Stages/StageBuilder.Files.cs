namespace MLBuild.Engine.Stages;

/// <summary>The part that declares files of the project as inputs.</summary>
public abstract partial class StageDeclaration<TSelf>
{
    private readonly List<FilePattern> _files = [];

    /// <summary>Reads files of the project, relative to its root: <c>config/model.json</c>, a folder with all that is
    /// under it as <c>images/</c>, or a glob as <c>data/**/*.csv</c>. They are read where they are; the code gets them
    /// by <see cref="StageRun.File"/> and <see cref="StageRun.Files"/>.</summary>
    public TSelf ReadsFiles(params string[] patterns)
    {
        _files.AddRange(patterns.Select(FilePattern.Parse));
        return (TSelf)this;
    }
}
