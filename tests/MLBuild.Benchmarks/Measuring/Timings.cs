namespace MLBuild.Benchmarks.Measuring;

/// <summary>The runs of one contender. The median is what is reported; the minimum says what the machine can do when
/// nobody disturbs it.</summary>
internal sealed class Timings(IReadOnlyList<Sample> samples)
{
    public int Runs => samples.Count;

    public double MedianMs { get; } = Median(samples.Select(sample => sample.Wall.TotalMilliseconds));

    public double MinMs { get; } = samples.Min(sample => sample.Wall.TotalMilliseconds);

    public double MedianCpuMs { get; } = Median(samples.Select(sample => sample.Cpu.TotalMilliseconds));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
