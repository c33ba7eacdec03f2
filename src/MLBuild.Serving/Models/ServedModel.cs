using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Registry;

namespace MLBuild.Serving.Models;

/// <summary>A loaded and checked model, with what the registry says about it. Immutable: a request that has begun with
/// one ends with the same one.</summary>
/// <param name="State">What its training rows told, which its features are computed with.</param>
internal sealed record ServedModel(Served.Version Deployed, ScoringModel Model, FeatureState State)
{
    public int Version => Deployed.Model.Number;

    public string Hash => Deployed.Model.ModelHash.Hex;

    public bool Is(Served.Version deployed) => DeploymentId.Of(Deployed) == DeploymentId.Of(deployed);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"version {Version} of model '{Deployed.Model.ModelName}' ({Deployed.Model.ModelHash.Short}), deployed to "
        + $"'{Deployed.Since.Environment}' at {Deployed.Since.DeployedUtc:yyyy-MM-dd HH:mm:ss}Z "
        + $"by {Deployed.Since.Who}");
}

/// <summary>What changes whenever the registry has something new to say about what an environment serves.</summary>
internal readonly record struct DeploymentId(int Position, int EvidenceNumber)
{
    public static DeploymentId Of(Served.Version deployed) =>
        new(deployed.Since.Position, deployed.Model.EvidenceNumber);
}
