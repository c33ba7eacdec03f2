using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>Cold runs of more and more trivial stages: what one more stage costs, and whether it costs the more, the
/// more there are.</summary>
internal static class Growth
{
    private const int Rounds = 3;
    private const int SizeOfPeers = 200;

    // What folders and caches that fill up may cost: 400 stages may take a third more for each
    // stage than 25 (16^0.1).
    private const double MostExponent = 1.1;

    private static readonly int[] Sizes = [25, 50, 100, 200, 400];

    public static IEnumerable<Figure> Measure(Place place)
    {
        var checkout = place.Checkout;
        var beyondStart = new List<double>();
        foreach (var size in Sizes)
        {
            var graph = StageGraph.Layers(size);
            checkout.Compile(BuildSource.Of(graph));
            Contender[] contenders =
            [
                checkout.Cold(),
                new("start-up", checkout.Launch("--help").Run),
                .. size == SizeOfPeers ? Peer.Found.Select(peer => peer.Cold(graph, place)) : [],
            ];
            var timings = Series.Measure(Rounds, contenders);
            beyondStart.Add(timings[0].MedianMs - timings[1].MedianMs);
            var rows = Figure.OfSeries($"{size} stages", null, contenders, timings).ToArray();
            yield return rows[0];
            foreach (var peer in rows.Skip(2))
                yield return peer;
        }
        yield return new("for each stage more, from the fewest to the most",
            (beyondStart[^1] - beyondStart[0]) / (Sizes[^1] - Sizes[0]), Unit.Milliseconds, new Goal.Below(5));
        yield return new("exponent of the time beyond start-up (--help)", Exponent(beyondStart), Unit.Exponent,
            new Goal.Below(MostExponent));
    }

    // The slope of a straight line through the logarithms, by least squares.
    private static double Exponent(List<double> times)
    {
        var x = Sizes.Select(size => Math.Log(size)).ToArray();
        var y = times.Select(time => Math.Log(Math.Max(time, 1))).ToArray();
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
