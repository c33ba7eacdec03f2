using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>Model versions, what is known about them, and which of them each environment serves and served. Safe
/// to use from several threads, processes and, where the database allows it, machines at once.</summary>
/// <remarks>Each change is atomic and is on disk when the call returns. Nothing that was written is ever changed or
/// removed. Both but for what servers report of themselves, which they say again. Every member throws
/// <see cref="RegistryException"/> and, short of a bug, nothing else.</remarks>
public interface IModelRegistry
{
    /// <summary>Gives a model's bytes a number, or finds theirs. Doing it twice is doing it once.</summary>
    Registered Register(ModelCandidate candidate);

    /// <summary>Makes a version the one that an environment serves. An older number is a rollback. Deploying what
    /// serves already is no change, whatever was expected: the retry of a deployment whose answer got lost.</summary>
    Deployed Deploy(DeployRequest request);

    /// <summary>Begins to give a version requests beside the one that serves, gives it another part of them, or ends
    /// that. While a rollout is under way nothing else is deployed. Asking for what is so already is no
    /// change.</summary>
    RolledOut RollOut(RolloutRequest request);

    /// <summary>All entries about rollouts to an environment, oldest first; <see cref="ActiveRollout.Of"/> says what
    /// they amount to.</summary>
    IReadOnlyList<RolloutEntry> Rollouts(string modelName, string environment);

    /// <summary>What servers of an environment are to do now.</summary>
    DesiredState Desired(string modelName, string environment);

    /// <summary>Replaces what a server said before. Those that have said nothing for a day are forgotten. A registry of
    /// a schema without reports stays as it is.</summary>
    void Report(string modelName, string environment, string server, string content);

    /// <summary>What each server said last, by its name.</summary>
    IReadOnlyList<ServerReport> Reports(string modelName, string environment);

    /// <summary>Says something of a version: a note, a tag, or that it is put aside. Saying what is so already is no
    /// change.</summary>
    Annotated Annotate(AnnotateRequest request);

    /// <summary>All annotations of a model's versions, oldest first; <see cref="VersionMarks"/> says what they amount
    /// to.</summary>
    IReadOnlyList<RecordedAnnotation> Annotations(string modelName);

    Served Serving(string modelName, string environment);

    /// <summary>What served at an instant: the last entry of the history that was written by then.</summary>
    Served ServingAt(string modelName, string environment, DateTimeOffset instant);

    /// <summary>All deployments to an environment, oldest first.</summary>
    IReadOnlyList<Deployment> History(string modelName, string environment);

    /// <summary>The environments that a model was ever deployed to, by name.</summary>
    IReadOnlyList<string> Environments(string modelName);

    /// <summary>All versions of a model by number, archived ones too, each with its latest evidence.</summary>
    IReadOnlyList<ModelVersion> Versions(string modelName);

    /// <exception cref="RegistryException"><see cref="RegistryFault.UnknownVersion"/>, naming the others.</exception>
    ModelVersion Find(string modelName, int number);

    /// <summary>All that was ever known about a version, oldest first; the last one counts.</summary>
    /// <exception cref="RegistryException"><see cref="RegistryFault.UnknownVersion"/>, naming the others.</exception>
    IReadOnlyList<RecordedEvidence> EvidenceHistory(string modelName, int number);

    /// <summary>Every artifact that some version needs, in its latest or in any earlier evidence: what a store's
    /// garbage collection must keep.</summary>
    IReadOnlySet<ContentHash> ReferencedArtifacts();
}
