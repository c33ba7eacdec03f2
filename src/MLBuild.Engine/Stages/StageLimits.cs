namespace MLBuild.Engine.Stages;

/// <summary>How a stage's work is run; none of it is in the recipe, because none of it changes a result.</summary>
/// <param name="Timeout">How long one attempt may take, more than zero and at most 49 days; null for as long as it
/// likes.</param>
/// <param name="Retries">How often failed work is tried again; 0 for never.</param>
/// <param name="RetryDelay">The wait before the first retry; each later wait is twice the one before, the last at most
/// 49 days.</param>
/// <param name="Cores">How many cores the work keeps busy, 1 or more; <see cref="AllCores"/> for all there are.</param>
/// <param name="MemoryGigabytes">How much memory the work may fill, in units of 1,000,000,000 bytes; 0 for a
/// little.</param>
public sealed record StageLimits(
    TimeSpan? Timeout = null, int Retries = 0, TimeSpan RetryDelay = default, int Cores = 1, double MemoryGigabytes = 0)
{
    public const int AllCores = int.MaxValue;

    // The system's timers count milliseconds in 32 bits.
    private const int MostDays = 49;

    public static readonly StageLimits None = new();

    /// <summary>What is wrong with them, to follow the words "Stage 'X'".</summary>
    internal IEnumerable<string> Faults()
    {
        if (Timeout is { } timeout && timeout <= TimeSpan.Zero)
            yield return $"has a timeout of {timeout:c}. Give it more than zero, or none.";
        if (Timeout > TimeSpan.FromDays(MostDays))
            yield return $"has a timeout of {Timeout:c}. Give it at most {MostDays} days, or none.";
        if (Retries < 0)
            yield return $"has {Retries} retries. Give it 0 or more.";
        if (RetryDelay < TimeSpan.Zero)
            yield return $"has a retry delay of {RetryDelay:c}. Give it zero or more.";
        if (RetryDelay.TotalDays * Math.Pow(2, Retries - 1) > MostDays)
            yield return $"waits more than {MostDays} days before the last of {Retries} retries. Give it fewer, or a " +
                $"shorter delay: each wait is twice the one before.";
        if (Cores < 1)
            yield return $"needs {Cores} cores. Give it 1 or more, or NeedsAllCores.";
        if (!double.IsFinite(MemoryGigabytes) || MemoryGigabytes < 0)
            yield return FormattableString.Invariant(
                $"needs {MemoryGigabytes} GB of memory. Give it zero or more.");
    }
}
