namespace MLBuild.Learning.Rollouts;

/// <summary>What a candidate must show at each step of a canary before it gets more requests.</summary>
public sealed record CanaryOptions
{
    /// <summary>The parts of the requests that the candidate gets, one after the other, in percent: rising, from 1 to
    /// 99. After the last it gets all. Default 5, 25, 50.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [5, 25, 50];

    /// <summary>Requests of the candidate in a step before anything is decided. Later looks are at twice, four times,
    /// … as many. From 30, default 200.</summary>
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

    /// <exception cref="ArgumentException">The message names every member that is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        var steps = string.Join(", ", Steps);
        Demand(
            Steps.Count > 0 && Steps.All(step => step is >= 1 and <= 99) && Steps.Zip(Steps.Skip(1)).All(
                pair => pair.First < pair.Second),
            $"Steps (--canary-steps) are {(steps == "" ? "none" : steps)}, expected rising numbers from 1 to 99");
        Demand(
            MinRequests >= 30,
            FormattableString.Invariant($"MinRequests (--canary-requests) is {MinRequests}, expected at least 30"));
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
        if (faults.Count > 0)
            throw new ArgumentException($"The canary cannot be judged: {string.Join("; ", faults)}.");

        void Demand(bool holds, string fault)
        {
            if (!holds)
                faults.Add(fault);
        }
    }
}
