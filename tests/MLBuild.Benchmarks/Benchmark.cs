using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Reporting;
using MLBuild.Store;

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

    /// <summary>Removes a folder, also one whose files are read-only.</summary>
    public static void Remove(string folder) => LocalArtifactStore.RemoveReadOnly(folder);

    /// <summary>An empty folder.</summary>
    public string New(string name) => Directory.CreateDirectory(
        Path.Combine(Folder, $"{name}-{Directory.GetDirectories(Folder).Length}")).FullName;
}
