using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Another process that trains: this assembly, started as a program.</summary>
internal static class TrainingProcess
{
    /// <summary>Trains one model of each kind of task, and gives a line for each: the kind and the hash of its
    /// bytes.</summary>
    public static async Task<string[]> Hashes()
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        using var process = Process.Start(
            new ProcessStartInfo(dotnet, ["exec", typeof(TrainingProcess).Assembly.Location])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var error = process.StandardError.ReadToEndAsync();
        var lines = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return lines.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Main()
    {
        foreach (var kind in Enum.GetValues<LearningTaskKind>())
        {
            var rows = new SampleFeatures.InBatches(SampleClasses.Of(kind, 20_000).Rows, 4_096);
            var trained = ModelTraining.Train(rows, new() { Iterations = 5 }, SampleClasses.TaskOf(kind));
            Console.WriteLine($"{kind} {Convert.ToHexStringLower(SHA256.HashData(trained.CanonicalModel))}");
        }
    }
}
