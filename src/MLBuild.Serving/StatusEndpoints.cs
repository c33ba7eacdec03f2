using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using MLBuild.Learning.Features;
using MLBuild.Serving.Models;

namespace MLBuild.Serving;

/// <summary>The answer of <c>GET /health/live</c>: the process runs, and need not be started anew.</summary>
internal sealed record LiveStatus(string Status)
{
    public static LiveStatus Alive => new("alive");
}

/// <summary>The answer of <c>GET /health/ready</c>: whether requests are to be sent here.</summary>
/// <param name="Status"><c>healthy</c>; <c>degraded</c>: it answers, and <paramref name="Fault"/> says why perhaps
/// not by the version that it should; or, with status code 503, <c>draining</c>: it is about to stop, or
/// <c>standby</c>: it is there for a version of its own feature code, and others answer.</param>
/// <param name="Version">Null for none.</param>
/// <param name="Fault">Null also for who may not see it.</param>
internal sealed record ReadyStatus(string Status, int? Version, string? Fault)
{
    private const string Draining = "draining";
    private const string Standby = "standby";

    /// <param name="showsFault">Whether who asks may see it: it names folders and hosts.</param>
    public static ReadyStatus Of(LiveState live, Draining draining, bool showsFault)
    {
        var fault = live.Fault ?? live.Standby?.Because;
        return new(
            draining.HasBegun ? Draining : !live.IsReady ? Standby : fault is null ? "healthy" : "degraded",
            live.Version, showsFault ? fault : null);
    }

    [JsonIgnore]
    public int StatusCode => Status is Draining or Standby
        ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status200OK;
}

/// <summary>The answer of <c>GET /model</c>: which model answers, where it comes from, and who let it.</summary>
/// <param name="Hash">The artifact of the model.</param>
/// <param name="Features">What it takes, in order.</param>
/// <param name="Fields">What a row of a request has.</param>
/// <param name="Lineage">The artifact of the recipe that trained it.</param>
/// <param name="Rollout">The version that is to take its place; null for none.</param>
internal sealed record ModelStatus(
    string Name,
    int Version,
    string Hash,
    TaskStatus Task,
    string Environment,
    DeployedStatus Deployed,
    string Gate,
    Dictionary<string, double> Metrics,
    IReadOnlyList<FeatureColumn> Features,
    IReadOnlyList<FieldStatus> Fields,
    string Lineage,
    RolloutStatus? Rollout)
{
    /// <exception cref="StandbyException">None answers.</exception>
    public static ModelStatus Of(LiveState live, IReadOnlyList<FieldStatus> fields)
    {
        var (served, since) = (live.Model ?? throw new StandbyException(), live.Since);
        var model = served.Registered;
        return new(
            model.ModelName,
            model.Number,
            model.ModelHash.Hex,
            new(served.Model.Schema.Task.Kind.ToString(), served.Model.Schema.Task.Classes),
            since.Environment,
            new(since.DeployedUtc.UtcDateTime, since.Who, since.Why, since.ForcedReason),
            since.Gate.ToString(),
            model.Evidence.Metrics.ToDictionary(),
            served.Model.Schema.Features.Columns,
            fields,
            model.Evidence.LineageHash.Hex,
            live.Candidate is { Rollout: var rollout } candidate
                ? new(rollout.Candidate, rollout.Strategy.ToString(), rollout.Percent, candidate.Fault)
                : null);
    }
}

/// <param name="Percent">The part of the requests that it answers.</param>
/// <param name="Fault">Why it cannot answer here; null where it can.</param>
internal sealed record RolloutStatus(int Version, string Strategy, int Percent, string? Fault);

/// <param name="Forced">Why it serves although its gate did not pass; null where that was not needed.</param>
internal sealed record DeployedStatus(DateTime At, string Who, string Why, string? Forced);

/// <param name="Kind">One of <see cref="MLBuild.Learning.Models.LearningTaskKind"/>.</param>
/// <param name="Classes">What labels 0, 1 and so on are called; none for a regression.</param>
internal sealed record TaskStatus(string Kind, IReadOnlyList<string> Classes);

/// <param name="Type">One of <see cref="MLBuild.Learning.Rows.ColumnType"/>.</param>
/// <param name="Required">False where a row may lack it.</param>
internal sealed record FieldStatus(string Name, string Type, bool Required);
