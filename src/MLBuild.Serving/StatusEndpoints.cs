using MLBuild.Learning.Features;
using MLBuild.Serving.Models;

namespace MLBuild.Serving;

/// <summary>The answer of <c>GET /health</c>.</summary>
/// <param name="Status"><c>healthy</c>; or <c>degraded</c>: it answers, and <paramref name="Fault"/> says why perhaps
/// not by the version that it should.</param>
internal sealed record HealthStatus(string Status, int Version, string? Fault)
{
    public static HealthStatus Of(LiveState live) =>
        new(live.Fault is null ? "healthy" : "degraded", live.Model.Version, live.Fault);
}

/// <summary>The answer of <c>GET /model</c>: which model answers, where it comes from, and who let it.</summary>
/// <param name="Hash">The artifact of the model.</param>
/// <param name="Lineage">The artifact of the recipe that trained it.</param>
/// <param name="Features">What it takes, in order.</param>
internal sealed record ModelStatus(
    string Name,
    int Version,
    string Hash,
    string Environment,
    DeployedStatus Deployed,
    string Gate,
    Dictionary<string, double> Metrics,
    IReadOnlyList<FeatureColumn> Features,
    string Lineage)
{
    public static ModelStatus Of(ServedModel served)
    {
        var (model, since) = (served.Deployed.Model, served.Deployed.Since);
        return new(
            model.ModelName,
            model.Number,
            model.ModelHash.Hex,
            since.Environment,
            new(since.DeployedUtc.UtcDateTime, since.Who, since.Why, since.ForcedReason),
            since.Gate.ToString(),
            model.Evidence.Metrics.ToDictionary(),
            served.Model.Schema.Features.Columns,
            model.Evidence.LineageHash.Hex);
    }
}

/// <param name="Forced">Why it serves although its gate did not pass; null where that was not needed.</param>
internal sealed record DeployedStatus(DateTime At, string Who, string Why, string? Forced);
