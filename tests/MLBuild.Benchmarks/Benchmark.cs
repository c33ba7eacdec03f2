using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks;

/// <summary>Something that is measured, and how.</summary>
/// <param name="Name">For the command line.</param>
internal sealed record Benchmark(string Name, string Title, Func<Place, IEnumerable<Figure>> Measure);

/// <summary>Where benchmarks work.</summary>
/// <param name="Folder">Removed when all are done.</param>
/// <param name="Data">A folder with one CSV file of taxi trips a month.</param>
internal sealed record Place(string Folder, string Data)
{
    private readonly Lazy<Checkout> _checkout = new(() => new(Path.Combine(Folder, "checkout")));

    /// <summary>The one whose build program each benchmark replaces by its own: the rest is compiled once.</summary>
    public Checkout Checkout => _checkout.Value;

    /// <summary>The files of <see cref="Data"/>, the oldest first.</summary>
    /// <exception cref="InvalidOperationException">There are less than two.</exception>
    public IReadOnlyList<string> Months
    {
        get
        {
            string[] months = [.. Directory.GetFiles(Data, "*.csv").Order(StringComparer.Ordinal)];
            return months.Length >= 2
                ? months
                : throw new InvalidOperationException($"'{Data}' has {months.Length} CSV files. Name a folder with " +
                    "one for each of two months or more.");
        }
    }

    /// <summary>An empty folder.</summary>
    public string New(string name) => Directory.CreateDirectory(
        Path.Combine(Folder, $"{name}-{Directory.GetDirectories(Folder).Length}")).FullName;
}
