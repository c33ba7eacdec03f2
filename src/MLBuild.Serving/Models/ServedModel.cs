using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Serving.Models;

/// <summary>A loaded and checked model, with what the registry says about it. Immutable: a request that has begun with
/// one ends with the same one.</summary>
/// <param name="State">What its training rows told, which its features are computed with.</param>
/// <param name="Bins">Into which scores are counted while it is the champion of a rollout.</param>
internal sealed record ServedModel(ModelVersion Registered, ScoringModel Model, FeatureState State, ScoreBins Bins)
{
    public int Version => Registered.Number;

    public string Hash => Registered.ModelHash.Hex;

    /// <summary>False also where the registry has learned something new of the version since.</summary>
    public bool Is(ModelVersion version) =>
        Registered.Number == version.Number && Registered.EvidenceNumber == version.EvidenceNumber;

    public override string ToString() =>
        $"version {Version} of model '{Registered.ModelName}' ({Registered.ModelHash.Short})";
}
