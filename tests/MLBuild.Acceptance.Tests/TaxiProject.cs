using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Acceptance.Tests;

/// <summary>A temporary project that this repository's build program runs on: <c>.nuke/</c> and <c>data/</c> with the
/// first trips of some sample months. Its path has a space and an umlaut.</summary>
internal sealed class TaxiProject : IDisposable
{
    /// <summary>Enough for the contract, which wants 1,000 rows, and for a gate over 500 held-out rows of two
    /// months.</summary>
    private const int TripsPerMonth = 1_500;

    private static readonly string[] Stages = ["Ingest", "Validate", "Split", "Features", "Train"];

    private static readonly Lazy<string> Samples = new(MakeSamples);
    private static readonly Lazy<string> TrainedFolder = new(MakeTrained);

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mlbuild ü ");

    public TaxiProject(params string[] months)
    {
        Directory.CreateDirectory(PathOf(".nuke"));
        Directory.CreateDirectory(PathOf("data"));
        foreach (var month in months)
            AddMonth(month);
    }

    /// <summary>The stages that Train needs, in order.</summary>
    public static IReadOnlyList<string> TrainStages => Stages;

    /// <summary>A command with so many trees that Train is still at work when somebody who watches acts.</summary>
    public static string[] LongTraining => ["Train", "--iterations", "1500"];

    /// <summary>Set for each start on top of the test's own environment; null removes.</summary>
    public Dictionary<string, string?> Environment { get; } = new()
    {
        ["MLBUILD_STORE"] = null,
        ["CI"] = null,
        ["GITHUB_ACTIONS"] = null,
    };

    public string Root => PathOf("");

    /// <summary>A project with January and February 2019, on which Train has succeeded. Trained once for all
    /// tests.</summary>
    public static TaxiProject Trained()
    {
        var project = new TaxiProject();
        CopyFolder(TrainedFolder.Value, project.Root);
        return project;
    }

    public string PathOf(string relative) => Path.Combine(_parent.FullName, "taxi", relative).TrimEnd('/');

    public string Read(string relative) => File.ReadAllText(PathOf(relative));

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), text);
    }

    public void AddMonth(string month) => Write($"data/{month}.csv", SampleOf(month));

    /// <summary>What <see cref="AddMonth"/> writes.</summary>
    public static string SampleOf(string month) => string.Concat(
        File.ReadLines(Path.Combine(Samples.Value, "data", $"{month}.csv")).Take(TripsPerMonth + 1)
            .Select(line => line + "\n"));

    public BuildResult Run(params string[] arguments)
    {
        var (exitCode, output, errors) =
            BuildProgram.Run(StartInfo("dotnet", [BuildProgram.Dll, .. arguments, "--root", Root]));
        return new(exitCode, output + errors, Root);
    }

    /// <summary>Starts a program with this project's environment.</summary>
    public ProcessStartInfo StartInfo(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _parent.FullName };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Starts the build program without waiting for it; its output is redirected.</summary>
    public Process Start(params string[] arguments)
    {
        var start = StartInfo("dotnet", [BuildProgram.Dll, .. arguments, "--root", Root]);
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>True once the code of such a stage has a folder to write to.</summary>
    public bool IsAtWork(Process build, Predicate<string> stage)
    {
        var work = PathOf(".nuke/mlbuild/work");
        try
        {
            // Other builds may have left theirs, which are swept before this one makes its own.
            return Directory.Exists(work) && Directory.GetDirectories(work, $"{build.Id}-*")
                .SelectMany(Directory.GetDirectories).Any(folder => stage(Path.GetFileName(folder)));
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The SHA-256 of each file under <c>artifacts/</c>.</summary>
    public SortedDictionary<string, string> Artifacts() => Files("artifacts", path =>
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    });

    /// <summary>The text of each record by its fingerprint. It has the time of the run, so a record that is equal was
    /// not made again.</summary>
    public SortedDictionary<string, string> Records() => new(
        Files(".nuke/mlbuild/ac", File.ReadAllText)
            // What a killed build was writing is no record: it has no record's name.
            .Where(file => !file.Key.Contains(".tmp-")).ToDictionary());

    /// <summary>Makes all that the store holds so many days older.</summary>
    public void Age(int days) => StoreAge.Add(PathOf(".nuke/mlbuild"), days);

    /// <summary>The place of a stored artifact, by the path of its copy under <c>artifacts/</c>.</summary>
    public string StoredPathOf(string artifact)
    {
        var hash = Artifacts()[artifact];
        return PathOf($".nuke/mlbuild/cas/{hash[..2]}/{hash}");
    }

    public void Dispose() => _parent.Delete(recursive: true);

    public static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private SortedDictionary<string, string> Files(string relative, Func<string, string> content)
    {
        var folder = PathOf(relative);
        return new(
            !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), content),
            StringComparer.Ordinal);
    }

    private static string MakeSamples() => MakeOnce(new TaxiProject(), "Sample");

    private static string MakeTrained() => MakeOnce(new TaxiProject("2019-01", "2019-02"), "Train");

    private static string MakeOnce(TaxiProject project, string target)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => project.Dispose();
        project.Run(target).Succeeded();
        return project.Root;
    }
}
