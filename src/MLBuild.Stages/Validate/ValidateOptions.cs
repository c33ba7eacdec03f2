using MLBuild.Stages.Ingest;

namespace MLBuild.Stages.Validate;

/// <summary>What validation needs beside the contract, which is code.</summary>
public sealed record ValidateOptions
{
    /// <summary>The day after which no row can have happened: when the data was drawn. Null, the default, means the end
    /// of the last month among the files, which only the pipeline's contract can know.</summary>
    public DateTime? AsOf { get; init; }

    /// <summary>The part of all lines that may be unreadable. 0 to 1, default 0.01.</summary>
    public double MaxQuarantined { get; init; } = 0.01;

    /// <exception cref="ArgumentException">The share is out of its range.</exception>
    public void Validate() => QuarantineLimit.Validate(MaxQuarantined);
}
