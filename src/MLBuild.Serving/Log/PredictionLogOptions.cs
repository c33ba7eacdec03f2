namespace MLBuild.Serving.Log;

/// <summary>Where predictions are logged, and how much is lost at most when the server is killed: what waits, and what
/// the next file would have had.</summary>
public sealed record PredictionLogOptions
{
    /// <summary>The folder of the files, which is made if it is not there. Several servers may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>A file is written when it has so many rows. 1 to 1,000,000, default 50,000.</summary>
    public int MaxFileRows { get; init; } = 50_000;

    /// <summary>How often what is there is written, however few rows there are. 1 s to 1 h, default 1 min.</summary>
    public TimeSpan FileInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that wait to be taken up; those behind them are dropped, and counted. 1 to 10,000,000, default
    /// 200,000.</summary>
    public int MaxWaitingRows { get; init; } = 200_000;

    internal IEnumerable<string> Faults()
    {
        List<string?> faults =
        [
            ServingLimits.Fault(MaxFileRows is >= 1 and <= 1_000_000, nameof(MaxFileRows), MaxFileRows, "1 to 1000000"),
            ServingLimits.Fault(
                FileInterval >= TimeSpan.FromSeconds(1) && FileInterval <= TimeSpan.FromHours(1),
                nameof(FileInterval), FileInterval, "1 s to 1 h"),
            ServingLimits.Fault(
                MaxWaitingRows is >= 1 and <= 10_000_000, nameof(MaxWaitingRows), MaxWaitingRows, "1 to 10000000"),
        ];
        return faults.OfType<string>();
    }
}
