using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>Strategies as people type them.</summary>
public static class DeployStrategy
{
    /// <summary>All requests at once, without a rollout.</summary>
    public const string Direct = "direct";

    public static IReadOnlyList<string> All => [Direct, "canary", "blue-green", "shadow"];

    /// <param name="areLabelsNamed">Whether somebody wants it judged by labels, which only a canary is.</param>
    /// <returns>Null for <see cref="Direct"/>.</returns>
    /// <exception cref="RolloutException">There is no such strategy, or it is judged by no labels.</exception>
    public static RolloutStrategy? Parse(string text, bool areLabelsNamed = false) => text.ToLowerInvariant() switch
    {
        (Direct or "blue-green" or "shadow") and var other when areLabelsNamed => throw new RolloutException(
            $"--canary-labels judge a canary, and --strategy is {other}. Leave them out, or choose --strategy canary."),
        Direct => null,
        "canary" => RolloutStrategy.Canary,
        "blue-green" => RolloutStrategy.BlueGreen,
        "shadow" => RolloutStrategy.Shadow,
        _ => throw new RolloutException(
            $"--strategy is '{text}', expected direct, canary, blue-green or shadow."),
    };
}
