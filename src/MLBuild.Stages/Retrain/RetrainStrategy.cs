using MLBuild.Stages.Rollouts;

namespace MLBuild.Stages.Retrain;

/// <summary>How what was trained anew comes to serve, as people type it.</summary>
public static class RetrainStrategy
{
    /// <summary>Not at all, until a person deploys it.</summary>
    public const string None = "none";

    /// <summary>One that needs no person.</summary>
    private const string Default = "canary";

    /// <summary>Checked before anything is trained.</summary>
    /// <param name="text">Null where nothing is said.</param>
    /// <returns>A strategy as <see cref="DeployStrategy"/> reads it; null for <see cref="None"/>.</returns>
    /// <exception cref="RetrainException">There is no such strategy.</exception>
    public static string? Parse(string? text)
    {
        var strategy = (text ?? Default).ToLowerInvariant();
        if (strategy == None)
            return null;
        try
        {
            _ = DeployStrategy.Parse(strategy);
            return strategy;
        }
        catch (RolloutException e)
        {
            throw new RetrainException(
                $"--strategy is '{text}', expected direct, canary, blue-green, shadow, or none for a person to deploy.",
                e);
        }
    }
}
