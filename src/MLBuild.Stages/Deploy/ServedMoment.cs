using MLBuild.Registry;

namespace MLBuild.Stages.Deploy;

/// <summary>What an environment served at one moment, and why.</summary>
/// <param name="Served">Null if nothing was deployed there by then.</param>
public sealed record ServedMoment(string Model, string Environment, DateTimeOffset AtUtc, ServedVersion? Served)
{
    public static ServedMoment Of(IModelRegistry registry, string model, string environment, DateTimeOffset moment)
    {
        if (registry.ServingAt(model, environment, moment) is not Registry.Served.Version { Since: var since } served)
            return new(model, environment, moment, Served: null);
        var next = registry.History(model, environment).FirstOrDefault(entry => entry.Position == since.Position + 1);
        return new(model, environment, moment, new(
            since.To, served.Model.ModelHash.Hex, ServedDeployment.Of(since), next?.DeployedUtc, next?.To));
    }
}

/// <param name="ModelHash">The hash of the model's bytes.</param>
/// <param name="Since">The deployment that made it serve.</param>
/// <param name="UntilUtc">When another version took its place; null while it serves.</param>
/// <param name="ReplacedBy">That version; null while it serves.</param>
public sealed record ServedVersion(
    int Version, string ModelHash, ServedDeployment Since, DateTimeOffset? UntilUtc, int? ReplacedBy);
