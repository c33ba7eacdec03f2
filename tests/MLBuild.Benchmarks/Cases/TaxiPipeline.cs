using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>This repository's own pipeline on taxi trips: everything through Register, then one more month, then
/// nothing to do.</summary>
internal static class TaxiPipeline
{
    private const int Rounds = 10;

    public static IEnumerable<Figure> Measure(Place place)
    {
        var (root, data) = (place.New("taxi"), place.New("months"));
        Directory.CreateDirectory(Path.Combine(root, ".nuke"));
        // Copies, so that no cache knows them. The last month is held back.
        var months = place.Months;
        foreach (var month in months.SkipLast(1))
            Copy(month);
        Launch("--help").Run(); // compiles, if need be
        yield return Once($"cold, {months.Count - 1} of {months.Count} months, through Register", "Register");
        Copy(months[^1]);
        yield return Once("one more month", "Register");
        Launch("Train").Run();
        yield return Figure.Of("nothing to do", Series.Measure(Rounds,
            new Contender("ours", () => Launch("Train").RunSaying("nothing to do: ")))[0]);

        void Copy(string month) => File.Copy(month, Path.Combine(data, Path.GetFileName(month)));

        Command Launch(string target) =>
            new(Repository.Root, Repository.Launcher, target, "--root", root, "--data", data)
            {
                Environment = Repository.Environment,
            };

        Figure Once(string what, string target) => Figure.Of(what, new([Launch(target).Run()]));
    }
}
