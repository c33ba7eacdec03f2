using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Notices;

/// <summary>By what somebody is told.</summary>
public enum NoticeChannel
{
    /// <summary>An address that is posted to: the secret <see cref="NoticeStage.Address"/>.</summary>
    Webhook,

    /// <summary>A program that is started.</summary>
    Command,
}

/// <summary>Who is told what of windows, and where it is kept that they were.</summary>
public sealed record NoticeOptions
{
    public required NoticeChannel Channel { get; init; }

    public required string Model { get; init; }

    public required string Environment { get; init; }

    /// <summary>The verdicts that are told of. Default drift, degraded and bad data.</summary>
    public IReadOnlyList<WindowVerdict> On { get; init; } =
        [WindowVerdict.Drift, WindowVerdict.Degraded, WindowVerdict.BadData];

    /// <summary>The folder in which it is kept what was told: that of the monitor's history.</summary>
    public required string History { get; init; }

    /// <summary>The program and its arguments; null where nothing is started.</summary>
    public string? Command { get; init; }

    /// <summary>The folder that the program starts in, and that its path begins at.</summary>
    public required string Folder { get; init; }

    /// <summary>How long one attempt may take. Above 0, default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a webhook is tried. From 1, default 4.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>How long to wait before the second attempt; twice as long before each later one. From 0, default
    /// 1 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads <c>Drift,Degraded</c>.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static IReadOnlyList<WindowVerdict> Verdicts(string text)
    {
        var all = Enum.GetValues<WindowVerdict>();
        return
        [
            .. text.Split(',', StringSplitOptions.TrimEntries).Select(name =>
                Array.FindIndex(all, verdict => name.Equals($"{verdict}", StringComparison.OrdinalIgnoreCase)) is var at
                and >= 0
                    ? all[at]
                    : throw new ArgumentException($"Somebody is told of the verdict '{name}', expected some of "
                        + $"{string.Join(", ", all)}, with commas between them.")).Distinct(),
        ];
    }

    /// <exception cref="ArgumentException">A member is out of its range; all of them are named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Timeout <= TimeSpan.Zero)
            faults.Add($"Timeout is {Timeout}, expected more than 0");
        if (MaxAttempts < 1)
            faults.Add($"MaxAttempts is {MaxAttempts}, expected at least 1");
        if (FirstDelay < TimeSpan.Zero)
            faults.Add($"FirstDelay is {FirstDelay}, expected at least 0");
        if (Channel == NoticeChannel.Command && string.IsNullOrWhiteSpace(Command))
            faults.Add("Command is empty, expected a program and its arguments");
        if (faults.Count > 0)
            throw new ArgumentException($"NoticeOptions: {string.Join("; ", faults)}.");
    }
}
