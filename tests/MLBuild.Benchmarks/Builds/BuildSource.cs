namespace MLBuild.Benchmarks.Builds;

/// <summary>Build programs as C#, as a user would write them.</summary>
internal static class BuildSource
{
    /// <summary>A target for each stage of a graph.</summary>
    /// <param name="kinds">What the build class is.</param>
    public static string Of(StageGraph graph, string kinds = "NukeBuild") => Program(
        string.Concat(graph.Nodes.Select(node => $"""

                Target {node.Name} => _ => _
                    .Stage(stage => stage{string.Concat(node.Reads.Select(read => $"\n            .Reads({read})"))}
                        .Writes("name.txt")
                        .Runs(Work.Write, () => new Named("{node.Name}")));

            """)),
        """
        sealed record Named(string Name);

        static class Work
        {
            public static void Write(StageRun run, Named named) =>
                File.WriteAllText(run.Output("name.txt"), named.Name);
        }
        """, kinds);

    /// <summary>Branches that keep a core busy, each with the same work, and a stage that reads all of them.</summary>
    /// <param name="steps">Steps of each branch; a step takes about a nanosecond.</param>
    public static string Branches(int branches, long steps)
    {
        var numbers = Enumerable.Range(0, branches).ToArray();
        return Program(
            string.Concat(numbers.Select(i => $"""

                    Target Branch{i} => _ => _
                        .Stage(stage => stage
                            .Writes("number.txt")
                            .Runs(Work.Compute, () => new Seed({i}, {steps})));

                """)) + $"""

                    Target {StageGraph.Last} => _ => _
                        .Stage(stage => stage
                {string.Concat(numbers.Select(i => $"            .Reads(Branch{i})\n"))}            .Writes("sum.txt")
                            .Runs(Work.Sum));

                """,
            """
            sealed record Seed(ulong Start, long Steps);

            static class Work
            {
                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                public static void Compute(StageRun run, Seed seed)
                {
                    var number = seed.Start;
                    for (long i = 0; i < seed.Steps; i++)
                        number = number * 6364136223846793005 + 1442695040888963407;
                    File.WriteAllText(run.Output("number.txt"), $"{number}");
                }

                public static void Sum(StageRun run) => File.WriteAllText(run.Output("sum.txt"),
                    string.Concat(run.Inputs("number.txt").Select(file => File.ReadAllText(file.Path))));
            }
            """);
    }

    /// <summary>One stage that reads a folder of many files.</summary>
    /// <param name="folder">Below the build's root.</param>
    public static string ReadingFolder(string folder) => Program(
        $"""

            Target {StageGraph.Last} => _ => _
                .Stage(stage => stage
                    .ReadsFiles("{folder}/")
                    .Writes("done.txt")
                    .Runs(Work.Finish));

        """,
        """
        static class Work
        {
            public static void Finish(StageRun run) => File.WriteAllText(run.Output("done.txt"), "done");
        }
        """);

    private static string Program(string targets, string work, string kinds = "NukeBuild") => $$"""
        using System.Runtime.CompilerServices;
        using MLBuild.Engine.Stages;
        using MLBuild.Nuke;
        using Nuke.Common;

        [MLPipeline]
        class Build : {{kinds}}
        {
            public static int Main() => Execute<Build>(build => build.{{StageGraph.Last}});
        {{targets}}}

        {{work}}
        """;
}
