using MLBuild.Learning.Sweeps;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>Options of a training that is never run.</summary>
internal sealed record Tried(int Leaves = 0, double Rate = 0, string Loss = "", int Seed = 7)
{
    public static SweepSpace<Tried> Leafy<TRange>(SweepRange<TRange> range) where TRange : notnull =>
        new SweepSpace<Tried>().With("leaves", range, (options, _) => options);

    public static SweepSpace<Tried> Rated(SweepRange<double> range) =>
        new SweepSpace<Tried>().With("rate", range, (options, rate) => options with { Rate = rate });

    /// <summary>Points by their names.</summary>
    public static string[] Names(IEnumerable<SweepPoint<Tried>> points) => [.. points.Select(point => point.Name)];
}
