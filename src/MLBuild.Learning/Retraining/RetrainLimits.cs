using System.Globalization;

namespace MLBuild.Learning.Retraining;

/// <summary>How often a model is trained anew.</summary>
public sealed record RetrainLimits
{
    private const int MostDays = 366;

    /// <summary>In which retrainings are counted.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(28);

    /// <summary>How long after a retraining there is none. 0 to 366 days, default 1 day.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many retrainings there are in any <see cref="Period"/>, good ones and bad ones. From 1, default
    /// 4.</summary>
    public int Budget { get; init; } = 4;

    /// <summary>Reads <c>12h</c>, <c>7d</c>, <c>2w</c>; <c>0h</c> is none.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static TimeSpan ParseCoolDown(string text)
    {
        var hours = text is [.., var unit] ? unit switch { 'h' => 1, 'd' => 24, 'w' => 168, _ => 0 } : 0;
        return hours > 0
            && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && (long)count * hours <= MostDays * 24
            ? TimeSpan.FromHours((long)count * hours)
            : throw new ArgumentException(
                $"--cool-down is '{text}', expected a number of hours, days or weeks such as 12h, 1d or 2w, up to "
                + $"{MostDays}d; 0h is none.");
    }

    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    public void Validate()
    {
        if (CoolDown < TimeSpan.Zero || CoolDown > TimeSpan.FromDays(MostDays))
            throw new ArgumentException($"CoolDown (--cool-down) is {CoolDown}, expected 0 to {MostDays} days.");
        if (Budget < 1)
            throw new ArgumentException(FormattableString.Invariant(
                $"Budget (--retrain-budget) is {Budget}, expected at least 1 retraining in {Period.Days} days."));
    }
}
