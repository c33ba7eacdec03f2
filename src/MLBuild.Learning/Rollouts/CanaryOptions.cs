namespace MLBuild.Learning.Rollouts;

/// <summary>What a candidate must show at each step of a canary before it gets more requests.</summary>
public sealed record CanaryOptions
{
    /// <summary>The parts of the requests that the candidate gets, one after the other, in percent: rising, from 1 to
    /// 100, the first below 100. After the last it serves. Default 5, 25, 50, 100.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [5, 25, 50, 100];

    /// <summary>Requests of the candidate in a step, of different keys, before anything is decided. Later looks are at
    /// twice, four times, … as many. 30 to 100,000, default 200.</summary>
    public long MinRequests { get; init; } = 200;

    /// <summary>How much larger the share of failed requests may be than the champion's. 0 to 1, default
    /// 0.02.</summary>
    public double MaxErrorIncrease { get; init; } = 0.02;

    /// <summary>The part of the candidate's answers that may take longer than 95 % of the champion's do: as slow as the
    /// champion is 0.05. Above 0.05, below 1; default 0.15.</summary>
    public double MaxSlowShare { get; init; } = 0.15;

    /// <summary>Answers that take no longer, in milliseconds, are not slow however fast the champion's are: a busy
    /// machine makes as much of a difference, and nobody notices it. Counted in whole <see cref="LatencyBins"/>. 0 to
    /// 60,000, default 5.</summary>
    public double NeverSlowMilliseconds { get; init; } = 5;

    /// <summary>The largest distance between the distributions of both versions' scores: of the shares of rows up to
    /// any score (Kolmogorov–Smirnov). 0 to 1, default 0.2: about half a standard deviation.</summary>
    public double MaxScoreDistance { get; init; } = 0.2;

    /// <summary>How much larger the mean loss of rows with labels may be than the champion's, as a part of that. 0 to
    /// 10, default 0.1. Without labels nothing is demanded.</summary>
    public double MaxLossIncrease { get; init; } = 0.1;

    /// <summary>Rows with labels of each version in a step, of different keys, before its losses decide anything. 30 to
    /// 100,000, default 100.</summary>
    public long MinLabelled { get; init; } = 100;

    /// <exception cref="ArgumentException">The message names every member that is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        var steps = string.Join(", ", Steps);
        Demand(
            Steps is [< 100, ..] && Steps.All(step => step is >= 1 and <= 100) && Steps.Zip(Steps.Skip(1)).All(
                pair => pair.First < pair.Second),
            $"Steps (--canary-steps) are {(steps == "" ? "none" : steps)}, expected rising numbers from 1 to 100, the "
            + "first below 100");
        Demand(
            MinRequests is >= 30 and <= 100_000,
            FormattableString.Invariant(
                $"MinRequests (--canary-requests) is {MinRequests}, expected 30 to 100,000"));
        Demand(
            MaxErrorIncrease is >= 0 and <= 1,
            FormattableString.Invariant(
                $"MaxErrorIncrease (--canary-error-increase) is {MaxErrorIncrease}, expected 0 to 1"));
        Demand(
            MaxSlowShare is > CanaryJudge.SlowOfChampion and < 1,
            FormattableString.Invariant(
                $"MaxSlowShare (--canary-slow-share) is {MaxSlowShare}, expected above ")
            + FormattableString.Invariant($"{CanaryJudge.SlowOfChampion}, below 1"));
        Demand(
            NeverSlowMilliseconds is >= 0 and <= 60_000,
            "NeverSlowMilliseconds (--canary-never-slow-milliseconds) is "
            + FormattableString.Invariant($"{NeverSlowMilliseconds}, expected 0 to 60,000"));
        Demand(
            MaxScoreDistance is >= 0 and <= 1,
            FormattableString.Invariant(
                $"MaxScoreDistance (--canary-score-distance) is {MaxScoreDistance}, expected 0 to 1"));
        Demand(
            MaxLossIncrease is >= 0 and <= 10,
            FormattableString.Invariant(
                $"MaxLossIncrease (--canary-loss-increase) is {MaxLossIncrease}, expected 0 to 10"));
        Demand(
            MinLabelled is >= 30 and <= 100_000,
            FormattableString.Invariant(
                $"MinLabelled (--canary-labelled) is {MinLabelled}, expected 30 to 100,000"));
        if (faults.Count > 0)
            throw new ArgumentException($"The canary cannot be judged: {string.Join("; ", faults)}.");

        void Demand(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }
}
