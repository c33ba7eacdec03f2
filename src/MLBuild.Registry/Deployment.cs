using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>One entry of an environment's append-only history: from then on it served version
/// <paramref name="To"/>.</summary>
/// <param name="Position">1, 2, 3… per model and environment. It orders the history; two clocks may not.</param>
/// <param name="From">The version that served before; null in an environment's first deployment.</param>
/// <param name="EvidenceNumber">The evidence of the version that was the latest at that moment.</param>
/// <param name="EvaluationHash">The evaluation in that evidence.</param>
/// <param name="Gate">The gate outcome in that evidence; other than passed means that it was forced.</param>
/// <param name="ForcedReason">Why the gate was overridden; null when nobody asked for that.</param>
public sealed record Deployment(
    string ModelName,
    string Environment,
    int Position,
    int? From,
    int To,
    int EvidenceNumber,
    ContentHash EvaluationHash,
    GateOutcome Gate,
    string Who,
    string Why,
    string? ForcedReason,
    DateTimeOffset DeployedUtc);

/// <summary>The wish that an environment serves a version.</summary>
/// <param name="Who">The person or build that deploys.</param>
/// <param name="Why">A sentence for the history.</param>
public sealed record DeployRequest(string ModelName, string Environment, int Number, string Who, string Why)
{
    /// <summary>What must serve now for the deployment to go ahead: the champion that the gate compared with.</summary>
    public ExpectedServing Expected { get; init; } = new ExpectedServing.Anything();

    /// <summary>Given by a person who takes responsibility for a version whose gate did not pass.</summary>
    public GateOverride? Override { get; init; }
}

/// <param name="Reason">Why the version may serve all the same; kept in the history for ever.</param>
public sealed record GateOverride(string Reason);

/// <summary>The condition of a compare-and-set deployment.</summary>
public abstract record ExpectedServing
{
    private ExpectedServing()
    {
    }

    public sealed record Anything : ExpectedServing;

    public sealed record Nothing : ExpectedServing;

    public sealed record Version(int Number) : ExpectedServing;
}

/// <summary>What an environment serves, or served at some instant.</summary>
public abstract record Served
{
    private Served()
    {
    }

    /// <summary>Nothing was ever deployed there.</summary>
    public sealed record Nothing : Served;

    /// <param name="Model">The version with its latest evidence, which may be newer than the deployment's.</param>
    /// <param name="Since">The deployment that made it serve.</param>
    public sealed record Version(ModelVersion Model, Deployment Since) : Served;
}

/// <summary>What deploying did.</summary>
public abstract record Deployed
{
    private Deployed(Deployment deployment) => Deployment = deployment;

    public Deployment Deployment { get; }

    /// <summary>The environment serves another version than before.</summary>
    public sealed record Changed(Deployment Deployment) : Deployed(Deployment);

    /// <summary>The version serves already, since <see cref="Deployed.Deployment"/>: nothing was written.</summary>
    public sealed record Unchanged(Deployment Deployment) : Deployed(Deployment);
}
