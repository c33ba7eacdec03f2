using MLBuild.Registry;

namespace MLBuild.Stages.Register;

/// <summary>Says something of a version: a note, a tag, or that it is put aside.</summary>
public static class AnnotateCommand
{
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RegistryException">There is no such version, it serves and cannot be put aside, or what is said
    /// is empty or no name.</exception>
    public static string Run(IModelRegistry registry, AnnotateRequest request)
    {
        var version = $"{request.ModelName} version {request.Number}";
        return registry.Annotate(request) is Annotated.Changed
            ? $"{version} {Done(request.Annotation)}"
            : $"{version} {Before(request.Annotation)}; nothing changed";
    }

    private static string Done(Annotation annotation) => annotation switch
    {
        Annotation.Note => "has a new note",
        Annotation.Tag tag => $"is tagged '{tag.Name}'",
        Annotation.Untag tag => $"is no longer tagged '{tag.Name}'",
        Annotation.Archive => "is archived: lists leave it out, and it cannot be deployed",
        Annotation.Unarchive => "is no longer archived",
        _ => throw Unknown(annotation),
    };

    private static string Before(Annotation annotation) => annotation switch
    {
        Annotation.Note => "has this note already",
        Annotation.Tag tag => $"is tagged '{tag.Name}' already",
        Annotation.Untag tag => $"is not tagged '{tag.Name}'",
        Annotation.Archive => "is archived already",
        Annotation.Unarchive => "is not archived",
        _ => throw Unknown(annotation),
    };

    private static InvalidOperationException Unknown(Annotation annotation) =>
        new($"BUG: unknown annotation {annotation}.");
}
