using MLBuild.Benchmarks.Measuring;

namespace MLBuild.Benchmarks.Builds;

/// <summary>Somebody else's build tool, given the same graph in its own words.</summary>
/// <param name="Describe">The text of its build file.</param>
/// <param name="Arguments">To build Train on two cores.</param>
internal sealed record Peer(string Name, string BuildFile, Func<StageGraph, string> Describe, params string[] Arguments)
{
    private static readonly Peer[] Known =
    [
        new("make", "Makefile", Makefile, "-s", "-j2", "Train.txt"),
        new("ninja", "build.ninja", NinjaFile, "-j2", "Train.txt"),
        new("doit", "dodo.py", DoitFile, "-n", "2", "Train"),
        new("snakemake", "Snakefile", Snakefile, "--quiet", "all", "--cores", "2", "--", "Train.txt"),
    ];

    /// <summary>Those that are installed.</summary>
    public static IReadOnlyList<Peer> Found { get; } = [.. Known.Where(peer => peer.IsInstalled)];

    public static IReadOnlyList<Peer> Missing { get; } = [.. Known.Except(Found)];

    public string Version
    {
        get
        {
            new Command(Path.GetTempPath(), Name, "--version").Run(out var output);
            return output.Split('\n')[0].Replace("GNU Make ", "");
        }
    }

    /// <summary>Building Train with nothing to do: the first run, which warms up, builds it.</summary>
    public Contender NothingToDo(StageGraph graph, Place place)
    {
        var folder = Write(graph, place);
        return new(Name, () => Build(folder));
    }

    /// <summary>Building everything, each time in another folder.</summary>
    public Contender Cold(StageGraph graph, Place place)
    {
        var folder = "";
        return new(Name, () => Build(folder), () => folder = Write(graph, place));
    }

    private bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, Name)));

    private Sample Build(string folder) => new Command(folder, Name, Arguments).Run();

    private string Write(StageGraph graph, Place place)
    {
        var folder = place.New(Name);
        File.WriteAllText(Path.Combine(folder, BuildFile), Describe(graph));
        return folder;
    }

    private static string Makefile(StageGraph graph) => string.Concat(graph.Nodes.Select(node =>
        $"{node.Name}.txt: {Files(node)}\n\techo {node.Name} > {node.Name}.txt\n"));

    private static string NinjaFile(StageGraph graph) =>
        "rule write\n  command = echo $name > $out\n" + string.Concat(graph.Nodes.Select(node =>
            $"build {node.Name}.txt: write {Files(node)}\n  name = {node.Name}\n"));

    private static string DoitFile(StageGraph graph) => $$"""
        READS = {{Dictionary(graph)}}

        def task_stages():
            for name, reads in READS.items():
                yield {
                    'basename': name,
                    'file_dep': [read + '.txt' for read in reads],
                    'targets': [name + '.txt'],
                    'actions': ['echo %s > %s.txt' % (name, name)],
                    'uptodate': [True],
                }

        """;

    private static string Snakefile(StageGraph graph) => $$"""
        READS = {{Dictionary(graph)}}

        rule stage:
            input: lambda wildcards: [read + '.txt' for read in READS[wildcards.name]]
            output: '{name}.txt'
            shell: 'echo {wildcards.name} > {output}'

        """;

    private static string Files(StageGraph.Node node) => string.Join(' ', node.Reads.Select(read => $"{read}.txt"));

    private static string Dictionary(StageGraph graph) => $"{{{string.Concat(graph.Nodes.Select(node =>
        $"\n    '{node.Name}': [{string.Join(", ", node.Reads.Select(read => $"'{read}'"))}],"))}\n}}";
}
