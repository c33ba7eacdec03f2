using System.Text.Json.Serialization;
using MLBuild.Registry;

namespace MLBuild.Stages.Register;

/// <summary>Everything that was ever said of one version.</summary>
/// <param name="ModelHash">The hash of the model's bytes.</param>
/// <param name="Gate">What its gate says in the latest evidence, as the metrics do.</param>
/// <param name="Serving">Where it serves now, by environment.</param>
/// <param name="Events">Oldest first.</param>
public sealed record VersionStory(
    string Model,
    int Version,
    string ModelHash,
    DateTimeOffset CreatedUtc,
    GateOutcome Gate,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<string> Tags,
    bool IsArchived,
    IReadOnlyList<ServingSince> Serving,
    IReadOnlyList<VersionEvent> Events)
{
    /// <exception cref="RegistryException">There is no such version.</exception>
    public static VersionStory Of(IModelRegistry registry, string model, int number)
    {
        var version = registry.Find(model, number);
        var annotations = registry.Annotations(model);
        var marks = VersionMarks.Of(annotations, number);
        return new(
            model, number, version.ModelHash.Hex, version.CreatedUtc, version.Evidence.Gate,
            VersionListing.Metrics(version), marks.Tags, marks.Archived is not null,
            [.. ServingSince.Of(registry, model).Where(since => since.Version == number)],
            [
                .. registry.EvidenceHistory(model, number).Select(VersionEvent.Of)
                    .Concat(registry.Environments(model)
                        .SelectMany(environment => registry.History(model, environment))
                        .Where(entry => entry.To == number).Select(VersionEvent.Of))
                    .Concat(annotations.Where(entry => entry.Number == number).Select(VersionEvent.Of))
                    .OrderBy(happened => happened.WhenUtc),
            ]);
    }
}

/// <summary>Something that happened to a version.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Judged), "evidence")]
[JsonDerivedType(typeof(WasDeployed), "deployment")]
[JsonDerivedType(typeof(WasAnnotated), "annotation")]
public abstract record VersionEvent(DateTimeOffset WhenUtc, string Who)
{
    /// <summary>It was registered, or registered again with other evidence.</summary>
    /// <param name="Number">The place in the evidence history: 1, 2, 3…</param>
    public sealed record Judged(
        DateTimeOffset WhenUtc, string Who, int Number, GateOutcome Gate, string EvaluationHash)
        : VersionEvent(WhenUtc, Who);

    /// <param name="ForcedReason">Why the gate was overridden; null when nobody asked for that.</param>
    public sealed record WasDeployed(
        DateTimeOffset WhenUtc, string Who, string Environment, string Why, string? ForcedReason)
        : VersionEvent(WhenUtc, Who);

    /// <param name="Text">The note, the tag's name, or why it was put aside or taken back.</param>
    public sealed record WasAnnotated(DateTimeOffset WhenUtc, string Who, AnnotationKind Kind, string Text)
        : VersionEvent(WhenUtc, Who);

    internal static VersionEvent Of(RecordedEvidence entry) => new Judged(
        entry.RecordedUtc, entry.Who, entry.Number, entry.Evidence.Gate, entry.Evidence.EvaluationHash.Hex);

    internal static VersionEvent Of(Deployment entry) =>
        new WasDeployed(entry.DeployedUtc, entry.Who, entry.Environment, entry.Why, entry.ForcedReason);

    internal static VersionEvent Of(RecordedAnnotation entry)
    {
        var (kind, text) = entry.Annotation switch
        {
            Annotation.Note note => (AnnotationKind.Note, note.Text),
            Annotation.Tag tag => (AnnotationKind.Tag, tag.Name),
            Annotation.Untag tag => (AnnotationKind.Untag, tag.Name),
            Annotation.Archive archive => (AnnotationKind.Archive, archive.Why),
            Annotation.Unarchive unarchive => (AnnotationKind.Unarchive, unarchive.Why),
            var other => throw new InvalidOperationException($"BUG: unknown annotation {other}."),
        };
        return new WasAnnotated(entry.RecordedUtc, entry.Who, kind, text);
    }
}

/// <summary>What a person says of a version.</summary>
public enum AnnotationKind
{
    Note,
    Tag,
    Untag,
    Archive,
    Unarchive,
}
