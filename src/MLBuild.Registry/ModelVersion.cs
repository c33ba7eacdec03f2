using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>A model's bytes under the number people use for them. Number and bytes never change; what is known about
/// them grows, and <see cref="Evidence"/> is the latest of it.</summary>
/// <param name="Number">1, 2, 3… per model name, without gaps.</param>
/// <param name="EvidenceNumber">The place of <paramref name="Evidence"/> in the evidence history: 1, 2, 3…</param>
public sealed record ModelVersion(
    string ModelName,
    int Number,
    ContentHash ModelHash,
    DateTimeOffset CreatedUtc,
    int EvidenceNumber,
    Evidence Evidence);

/// <summary>What is known about a model's bytes: which recipe made them and how they did at the gate.</summary>
/// <param name="LineageHash">The recipe that trained the model. Two recipes can give the same bytes.</param>
/// <param name="EvaluationHash">What <paramref name="Gate"/> and <paramref name="Metrics"/> are from.</param>
/// <param name="Metrics">A few finite numbers, for lists. The evaluation has them all.</param>
/// <param name="Attachments">Artifacts by name: golden rows, feature profile, training record, and the recipe texts of
/// all stages up to the model, which are the answer to "which data made it?".</param>
public sealed record Evidence(
    ContentHash LineageHash,
    ContentHash EvaluationHash,
    GateOutcome Gate,
    NamedValues<double> Metrics,
    NamedValues<ContentHash> Attachments)
{
    /// <summary>The schema of the rows that the model scores, when it declares one.</summary>
    public ContentHash? InputSchemaHash { get; init; }
}

/// <summary>One entry of a version's append-only evidence history.</summary>
public sealed record RecordedEvidence(int Number, Evidence Evidence, string Who, DateTimeOffset RecordedUtc);

/// <summary>What the gate said about a model. Only <see cref="Passed"/> lets a version be deployed unforced.</summary>
public enum GateOutcome
{
    /// <summary>Good enough, shown with enough rows.</summary>
    Passed,

    /// <summary>Not good enough, or not measurable.</summary>
    Failed,

    /// <summary>The rows are too few to say.</summary>
    Inconclusive,
}

/// <summary>A model that asks to be registered.</summary>
/// <param name="Who">The person or build that registers it.</param>
public sealed record ModelCandidate(string ModelName, ContentHash ModelHash, Evidence Evidence, string Who);

/// <summary>What registering a candidate did.</summary>
public abstract record Registered
{
    private Registered(ModelVersion version) => Version = version;

    public ModelVersion Version { get; }

    /// <summary>Bytes that the model did not have yet: they got the next number.</summary>
    public sealed record New(ModelVersion Version) : Registered(Version);

    /// <summary>Known bytes with other evidence than the latest: the number stays, the evidence was appended.</summary>
    public sealed record Reevaluated(ModelVersion Version) : Registered(Version);

    /// <summary>Known bytes with the evidence that was the latest anyway: nothing was written.</summary>
    public sealed record Unchanged(ModelVersion Version) : Registered(Version);
}
