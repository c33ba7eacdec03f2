using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>A diamond of twelve trivial stages: nothing to do, which is what people wait for most often, and
/// cold.</summary>
internal static class TwelveStages
{
    private const int Stages = 12;
    private const int Rounds = 20;
    private const int ColdRounds = 10;

    public static IEnumerable<Figure> Measure(Place place)
    {
        var graph = StageGraph.Diamond(Stages);
        var checkout = place.Checkout;
        checkout.Compile(BuildSource.Of(graph));
        Contender[] idle =
        [
            checkout.NothingToDo(Stages),
            EmptyProgram.Compile(place.New("empty")),
            .. Peer.Found.Select(peer => peer.NothingToDo(graph, place)),
        ];
        var goal = new Goal.Below(Repository.Engine == "compat" ? 120 : 450);
        foreach (var figure in Figure.OfSeries("nothing to do", goal, idle, Series.Measure(Rounds, idle)))
            yield return figure;

        Contender[] cold =
        [
            checkout.Cold(),
            new("help", checkout.Launch("--help").Run),
            .. Peer.Found.Select(peer => peer.Cold(graph, place)),
        ];
        var timings = Series.Measure(ColdRounds, cold);
        var rows = Figure.OfSeries("cold", null, cold, timings).ToArray();
        yield return rows[0];
        yield return new("cold, beyond start-up (--help)", timings[0].MedianMs - timings[1].MedianMs,
            Unit.Milliseconds, new Goal.Below(1000));
        foreach (var figure in rows.Skip(2))
            yield return figure;
    }
}
