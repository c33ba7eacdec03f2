namespace MLBuild.Fingerprint.Tests.Reaching;

/// <summary>Which methods ran while which stage did. Instrumented code calls it, hence the static.</summary>
public static class ExecutionRecord
{
    private static readonly Lock Lock = new();
    private static readonly AsyncLocal<HashSet<string>?> Current = new();

    /// <summary>Called at the start of every instrumented method.</summary>
    public static void Hit(string method)
    {
        if (Current.Value is not { } methods)
            return;
        lock (Lock)
            methods.Add(method);
    }

    /// <summary>The methods that run inside a piece of work, on whatever thread.</summary>
    public static async Task<IReadOnlySet<string>> Of(Func<Task> work)
    {
        var methods = new HashSet<string>(StringComparer.Ordinal);
        Current.Value = methods;
        try
        {
            await work();
        }
        finally
        {
            Current.Value = null;
        }
        lock (Lock)
            return methods.ToHashSet(StringComparer.Ordinal);
    }
}
