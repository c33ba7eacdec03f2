namespace MLBuild.Learning.Retraining;

/// <summary>What became of a version in an environment.</summary>
public enum VersionFate
{
    /// <summary>Its gate passed, against what still serves, and nobody has begun to deploy it.</summary>
    Waiting,

    /// <summary>As <see cref="Waiting"/>, but another version was deployed since its gate compared it.</summary>
    Outdated,

    /// <summary>It gets a part of the requests.</summary>
    RollingOut,

    /// <summary>It gets all requests.</summary>
    Serves,

    /// <summary>It was not good enough, or that could not be shown.</summary>
    GateNotPassed,

    /// <summary>Its rollout was ended for the version that served before.</summary>
    RolledBack,

    /// <summary>It served, and another version does now.</summary>
    Replaced,

    /// <summary>A person put it aside.</summary>
    Archived,
}

/// <summary>A version that came of a retraining.</summary>
/// <param name="RetrainedUtc">When it was marked as such, just after it was registered.</param>
public sealed record PastRetraining(int Version, DateTimeOffset RetrainedUtc, VersionFate Fate);
