using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>Four branches that compute, on two cores and on one. How much two cores are worth depends on the machine,
/// so two bare threads are measured beside them.</summary>
internal static class Branches
{
    private const int Number = 4;
    private const int Rounds = 3;
    // Long enough that start-up, which no core more shortens, is little beside it.
    private const long Steps = 2_000_000_000;

    public static IEnumerable<Figure> Measure(Place place)
    {
        var checkout = place.Checkout;
        checkout.Compile(BuildSource.Branches(Number, Steps));
        Contender[] contenders =
        [
            new("on two cores", On(2).Run, checkout.Forget),
            new("on one core", On(1).Run, checkout.Forget),
            new("two bare threads", () => Sample.Of(() => Compute(threads: 2))),
            new("one bare thread", () => Sample.Of(() => Compute(threads: 1))),
        ];
        var timings = Series.Measure(Rounds, contenders);
        foreach (var (contender, timing) in contenders.Zip(timings))
            yield return Figure.Of(contender.Name, timing);
        yield return new("two cores to one", timings[1].MedianMs / timings[0].MedianMs, Unit.Times,
            new Goal.AtLeast(1.8));
        yield return new("… what the machine gives: bare threads", timings[3].MedianMs / timings[2].MedianMs,
            Unit.Times);

        Command On(int cores) => checkout.Launch(StageGraph.Last) with
        {
            Environment = new Dictionary<string, string?>(Repository.Environment)
            {
                ["DOTNET_PROCESSOR_COUNT"] = $"{cores}",
            },
        };
    }

    private static void Compute(int threads)
    {
        var sums = new ulong[threads];
        var running = Enumerable.Range(0, threads)
            .Select(i => new Thread(() => sums[i] = Work(Number / threads))).ToArray();
        foreach (var thread in running)
            thread.Start();
        foreach (var thread in running)
            thread.Join();

        static ulong Work(int branches)
        {
            ulong number = 1;
            for (long i = 0; i < branches * Steps; i++)
                number = number * 6364136223846793005 + 1442695040888963407;
            return number;
        }
    }
}
