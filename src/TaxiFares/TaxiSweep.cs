using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;

namespace TaxiFares;

/// <summary>What a sweep tries for the fare model. Of two points that of fewer leaves in all its trees is the simpler
/// one.</summary>
public static class TaxiSweep
{
    public static SweepSpace<TrainingOptions> Space => new SweepSpace<TrainingOptions>()
        .With("leaves", SweepRange.LogarithmicIntegers(15, 255, count: 5),
            (options, leaves) => options with { Leaves = leaves })
        .With("rate", SweepRange.Logarithmic(0.03, 0.3, count: 3),
            (options, rate) => options with { LearningRate = rate })
        .With("rows", SweepRange.Values(5, 20, 80),
            (options, rows) => options with { MinRowsPerLeaf = rows })
        .SimplestFirst(options => (double)options.Iterations * options.Leaves);
}
