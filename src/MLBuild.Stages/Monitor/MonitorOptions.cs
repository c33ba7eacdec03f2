using MLBuild.Learning.Drift;
using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Monitor;

/// <summary>What monitoring needs beside the contract and the model, which are code.</summary>
public sealed record MonitorOptions
{
    /// <summary>The day after which no row can have happened: when the recent data was drawn. Null, the default, means
    /// the end of the last month among the files, which only the pipeline's contract can know.</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>The part of all lines that may be unreadable. 0 to 1, default 0.01.</summary>
    public double MaxQuarantined { get; init; } = 0.01;

    public DriftOptions Drift { get; init; } = new();

    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    public void Validate()
    {
        QuarantineLimit.Validate(MaxQuarantined);
        Drift.Validate();
    }
}
