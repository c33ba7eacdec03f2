using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MLBuild.Engine.Running;

namespace MLBuild.Engine.Tests.Properties;

/// <summary>A build of a random pipeline in a process of its own, which can be killed. It says what it
/// begins.</summary>
internal static class ChildBuild
{
    /// <summary>Said when a build has nothing left to do but to tidy up.</summary>
    public const string Drained = "drained";

    /// <summary>Said when it has tidied up.</summary>
    public const string End = "end";

    /// <summary>Said before each unit whose code does its work.</summary>
    public const string Work = "work ";

    private const string Begin = "begin";

    // So much that writing, hashing, storing and restoring an output are all worth being killed in.
    private static readonly string Padding = new('.', 200_000);

    /// <summary>The pipeline of a seed after some changes, in a folder that several processes share.</summary>
    public static RandomPipeline Pipeline(string folder, int seed, int changes) =>
        new(seed, stages: 8 + (seed % 8), folder, freezes: false, changes) { Padding = Padding };

    /// <summary>Starts a build and returns when it is about to begin.</summary>
    /// <param name="asked">Stages; none for all.</param>
    public static Process Start(string folder, int seed, int changes, params string[] asked)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        var child = Process.Start(new ProcessStartInfo(dotnet,
        [
            "exec", typeof(ChildBuild).Assembly.Location, folder,
            seed.ToString(CultureInfo.InvariantCulture), changes.ToString(CultureInfo.InvariantCulture), .. asked,
        ])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(Begin, child.StandardOutput.ReadLine());
        return child;
    }

    private static int Main(string[] arguments)
    {
        var numbers = Array.ConvertAll(arguments[1..3], text => int.Parse(text, CultureInfo.InvariantCulture));
        using var pipeline = Pipeline(arguments[0], numbers[0], numbers[1]);
        pipeline.OnWork = unit => Console.WriteLine(Work + unit);
        pipeline.OnLine = Console.WriteLine;
        pipeline.OnDrained = () => Console.WriteLine(Drained);
        Console.WriteLine(Begin);
        var built = pipeline
            .Build(arguments.Length > 3 ? arguments[3..] : [.. pipeline.Now.Nodes.Select(node => node.Name)])
            .GetAwaiter().GetResult();
        foreach (var failed in built.Outcomes.Values.OfType<StageOutcome.Failed>())
            Console.WriteLine(failed.Failure.Message);
        Console.WriteLine(End);
        return built.Outcomes.Values.All(outcome => outcome is StageOutcome.Done) ? 0 : 1;
    }
}
