using MLBuild.Learning.Monitoring;

namespace MLBuild.Stages.Monitor;

/// <summary>How recent rows are put together, and where their labels are.</summary>
public sealed record WindowsOptions
{
    /// <summary>Default a window a month.</summary>
    public WindowRule Window { get; init; } = new(WindowKind.Month, 0);

    /// <summary>Default in the rows.</summary>
    public LabelSource Labels { get; init; } = LabelSource.Rows;

    /// <summary>The day after which no row can have happened: when the recent data was drawn. Null, the default, means
    /// the end of the last month among the files, which only the pipeline's contract can know.</summary>
    public DateTime? AsOf { get; init; }
}
