namespace MLBuild.Registry;

/// <summary>Something that a person says of a version. It changes neither its bytes nor its evidence.</summary>
public abstract record Annotation
{
    private Annotation()
    {
    }

    /// <summary>A remark, which stays.</summary>
    public sealed record Note(string Text) : Annotation;

    /// <summary>Gives the version a label. Any number of versions may have it: what points to one version and moves is
    /// an environment.</summary>
    /// <param name="Name">Lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
    public sealed record Tag(string Name) : Annotation;

    /// <summary>Takes a label away.</summary>
    public sealed record Untag(string Name) : Annotation;

    /// <summary>Puts the version aside: lists leave it out and nobody can deploy it. Not one that serves.</summary>
    public sealed record Archive(string Why) : Annotation;

    /// <summary>Takes it back.</summary>
    public sealed record Unarchive(string Why) : Annotation;
}

/// <summary>The wish to annotate a version.</summary>
/// <param name="Who">The person or build that says it.</param>
public sealed record AnnotateRequest(string ModelName, int Number, Annotation Annotation, string Who);

/// <summary>One entry of a model's append-only log of annotations.</summary>
/// <param name="Position">1, 2, 3… per model. It orders the log; two clocks may not.</param>
/// <param name="Number">The version it is about.</param>
public sealed record RecordedAnnotation(
    int Position, int Number, Annotation Annotation, string Who, DateTimeOffset RecordedUtc);

/// <summary>What annotating did.</summary>
public abstract record Annotated
{
    private Annotated()
    {
    }

    /// <summary>The log has a new entry.</summary>
    public sealed record Changed(RecordedAnnotation Entry) : Annotated;

    /// <summary>It is so already, or was said before in the same words: nothing was written.</summary>
    public sealed record Unchanged : Annotated;
}

/// <summary>What the annotations of one version amount to.</summary>
/// <param name="Tags">In the order in which they were given.</param>
/// <param name="Notes">Oldest first.</param>
/// <param name="Archived">The entry that put it aside; null if it is not.</param>
public sealed record VersionMarks(
    IReadOnlyList<string> Tags, IReadOnlyList<RecordedAnnotation> Notes, RecordedAnnotation? Archived)
{
    /// <summary>Replays a log.</summary>
    /// <param name="log">In order; entries about other versions are passed over.</param>
    public static VersionMarks Of(IEnumerable<RecordedAnnotation> log, int number) =>
        log.Where(entry => entry.Number == number).Aggregate(new VersionMarks([], [], null), After);

    /// <summary>Whether an annotation would say something new.</summary>
    public bool Lack(Annotation annotation) => annotation switch
    {
        Annotation.Note note => !Notes.Any(entry => entry.Annotation == note),
        Annotation.Tag tag => !Tags.Contains(tag.Name),
        Annotation.Untag tag => Tags.Contains(tag.Name),
        Annotation.Archive => Archived is null,
        Annotation.Unarchive => Archived is not null,
        _ => throw new InvalidOperationException($"BUG: unknown annotation {annotation}."),
    };

    private static VersionMarks After(VersionMarks marks, RecordedAnnotation entry) => entry.Annotation switch
    {
        Annotation.Note => marks with { Notes = [.. marks.Notes, entry] },
        Annotation.Tag tag => marks with { Tags = [.. marks.Tags, tag.Name] },
        Annotation.Untag tag => marks with { Tags = [.. marks.Tags.Where(name => name != tag.Name)] },
        Annotation.Archive => marks with { Archived = entry },
        Annotation.Unarchive => marks with { Archived = null },
        _ => throw new InvalidOperationException($"BUG: unknown annotation {entry.Annotation}."),
    };
}
