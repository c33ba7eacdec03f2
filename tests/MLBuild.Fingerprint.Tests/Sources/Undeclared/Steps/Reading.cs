using System;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace Steps;

/// <summary>What code reads without saying so, one kind in each class.</summary>
public static class Statics
{
    public static double Offset = 3;

    public static readonly double Fixed = 4;

    public static double Read() => Offset + Fixed;

    public static void Advance() => Offset++;
}

public static class Clocks
{
    public static double Read() => Year() + 1;

    private static double Year() => DateTime.UtcNow.Year;

    public static double Ticks() => Stopwatch.GetTimestamp();
}

public static class Environments
{
    public static double Read() => Environment.GetEnvironmentVariable("STEP_NOTE")?.Length ?? 0;

    public static double Cores() => Environment.ProcessorCount;
}

public static class Randoms
{
    public static double Read() => new Random().NextDouble();

    public static double Shared() => Random.Shared.NextDouble();

    public static double Seeded() => new Random(7).NextDouble();

    public static double Id() => Guid.NewGuid().GetHashCode();

    public static double Context() => new MLContext().Draw();

    public static double SeededContext() => new MLContext(seed: 7).Draw();
}

public static class Files
{
    public static double Read() => File.ReadAllText("/data/table.csv").Length;

    public static double Given(string path) => File.ReadAllText(path).Length;
}

public static class Outside
{
    public static double Network() => new HttpClient().GetStringAsync("http://localhost/").Result.Length;

    public static double Run() => Process.Start("ls").Id;

    public static double Native() => getpid();

    [DllImport("libc")]
    private static extern int getpid();
}

public static class Loading
{
    public static double Named(string name) => Activator.CreateInstance(Type.GetType(name)!)!.GetHashCode();

    public static double Scan() => typeof(Loading).Assembly.GetTypes().Length;

    public static double Load(string path) => Assembly.LoadFrom(path).GetHashCode();
}
