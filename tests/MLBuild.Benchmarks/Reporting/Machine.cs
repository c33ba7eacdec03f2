using System.Globalization;
using System.Runtime.InteropServices;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;

namespace MLBuild.Benchmarks.Reporting;

/// <summary>On what and of what figures are: nothing that tells one machine of its class from another.</summary>
internal static class Machine
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary><c>linux-x64-2-cores</c>: the name of the report.</summary>
    public static string Class { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{RuntimeInformation.RuntimeIdentifier.Split('-')[0].TrimEnd("0123456789.".ToCharArray())}-" +
        $"{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}-{Environment.ProcessorCount}-cores");

    public static IEnumerable<(string What, string Value)> Facts(Place place, TimeProvider clock)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerGigabyte;
        yield return ("processor", string.Create(CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {memory:0.#} GB of memory"));
        yield return ("system", RuntimeInformation.OSDescription);
        yield return (".NET", $"{Environment.Version}, SDK {Said("dotnet", "--version")}");
        yield return ("build engine", Repository.Engine);
        yield return ("peers", string.Join(", ", Peer.Found.Select(peer => $"{peer.Name} {peer.Version}")
            .Concat(Peer.Missing.Select(peer => $"{peer.Name} is not installed"))));
        yield return ("data", string.Create(CultureInfo.InvariantCulture, $"{place.Months.Count} CSV files, " +
            $"{place.Months.Sum(month => File.ReadLines(month).LongCount() - 1):N0} trips"));
        yield return ("revision", Revision());
        yield return ("date", clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static string Revision()
    {
        try
        {
            return Said("git", "rev-parse", "--short", "HEAD")
                + (Said("git", "status", "--porcelain").Length > 0 ? " and changes" : "");
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "unknown, not a checkout of git";
        }
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line =>
            line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    private static string Said(string program, params string[] arguments)
    {
        new Command(Repository.Root, program, arguments).Run(out var output);
        return output.Trim();
    }
}
