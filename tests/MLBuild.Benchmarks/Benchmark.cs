using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks;

/// <summary>Something that is measured, and how.</summary>
/// <param name="Name">For the command line.</param>
internal sealed record Benchmark(string Name, string Title, Func<Place, IEnumerable<Figure>> Measure);

/// <summary>Where benchmarks work.</summary>
/// <param name="Folder">Empty, and removed afterwards.</param>
/// <param name="Data">A folder with one CSV file of taxi trips a month.</param>
internal sealed record Place(string Folder, string Data)
{
    /// <summary>A folder of its own for something.</summary>
    public string Below(string name) => Path.Combine(Folder, name);
}
