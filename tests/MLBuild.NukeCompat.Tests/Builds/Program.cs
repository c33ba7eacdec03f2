namespace Builds;

/// <summary>Starts the build that the environment names.</summary>
public static class Program
{
    public static int Main() => Environment.GetEnvironmentVariable("BUILD") switch
    {
#if BEHAVIOURS
        "Behaviours" => Build.Main(),
#endif
        var other => throw new InvalidOperationException($"BUILD is '{other}', which is no build of this program.")
    };
}
