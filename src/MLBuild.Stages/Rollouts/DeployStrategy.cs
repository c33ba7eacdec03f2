using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>Strategies as people type them.</summary>
public static class DeployStrategy
{
    /// <summary>All requests at once, without a rollout.</summary>
    public const string Direct = "direct";

    /// <returns>Null for <see cref="Direct"/>.</returns>
    /// <exception cref="RolloutException">There is no such strategy.</exception>
    public static RolloutStrategy? Parse(string text) => text.ToLowerInvariant() switch
    {
        Direct => null,
        "canary" => RolloutStrategy.Canary,
        "blue-green" => RolloutStrategy.BlueGreen,
        "shadow" => RolloutStrategy.Shadow,
        _ => throw new RolloutException(
            $"--strategy is '{text}', expected direct, canary, blue-green or shadow."),
    };
}
