using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>A thousand trivial stages with nothing to do.</summary>
internal static class ThousandStages
{
    private const int Stages = 1000;
    private const int Rounds = 7;

    public static IEnumerable<Figure> Measure(Place place)
    {
        var graph = StageGraph.Layers(Stages);
        var checkout = place.Checkout;
        checkout.Compile(BuildSource.Of(graph));
        Contender[] contenders =
        [
            checkout.NothingToDo(Stages),
            .. Peer.Found.Select(peer => peer.NothingToDo(graph, place)),
        ];
        return Figure.OfSeries("nothing to do", new Goal.Below(500), contenders, Series.Measure(Rounds, contenders));
    }
}
