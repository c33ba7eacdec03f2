namespace MLBuild.Serving;

/// <summary>Reads a command line of <c>--name VALUE</c>, each name at most once.</summary>
internal static class CommandLine
{
    /// <summary>The values by name.</summary>
    /// <param name="names">What may be given.</param>
    /// <param name="faults">Gets what is wrong, for people.</param>
    public static Dictionary<string, string> Read(
        IReadOnlyList<string> args, IReadOnlyList<string> names, List<string> faults)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            if (!names.Contains(args[i]))
                faults.Add($"'{args[i]}' is unknown, expected {string.Join(", ", names.SkipLast(1))} or {names[^1]}");
            else if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                faults.Add($"{args[i]} has no value");
            else if (!given.TryAdd(args[i], args[++i]))
                faults.Add($"{args[i - 1]} is given twice");
        }
        return given;
    }

    /// <summary>The parts of a value with several, which are separated by <c>;</c>.</summary>
    public static string[] Split(string value) => value.Split(';', StringSplitOptions.RemoveEmptyEntries);
}
