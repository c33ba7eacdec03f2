using System.Reflection;
using Nuke.Common;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Finds the host: a build server that is there, a terminal of the build's own, the plain terminal.</summary>
internal static class HostSelection
{
    public static Host Select(string? name, List<string> faults)
    {
        var own = OwnTypes().ToList();
        if (name == null)
        {
            // Not sorted: OrderBy over a bool would have to be compiled at each start.
            if (own.Find(type => !type.IsAssignableTo(typeof(Terminal)) && IsRunning(type)) is { } server)
                return Create(server);
            if (GitHubActions.IsRunningGitHubActions)
                return Create(typeof(GitHubActions));
            return own.Find(type => type.IsAssignableTo(typeof(Terminal)) && IsRunning(type)) is { } terminal
                ? Create(terminal)
                : new Terminal();
        }
        List<Type> types = [.. own, typeof(GitHubActions), typeof(Terminal)];
        if (types.FirstOrDefault(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } named)
            return Create(named);
        faults.Add($"--host is '{name}', expected one of {string.Join(", ", types.Select(type => type.Name))}.");
        return new Terminal();
    }

    // Only the build's own assembly: asking every loaded one for its types would cost more than all the rest.
    private static IEnumerable<Type> OwnTypes() =>
        Assembly.GetEntryAssembly()?.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Host)) && !type.IsAbstract)
        ?? [];

    private static bool IsRunning(Type type) =>
        (type.GetProperty("IsRunning" + type.Name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new BuildRefused(
                $"{type.Name} is a host without a static property bool IsRunning{type.Name}. Add it."))
        .GetValue(null) is true;

    private static Host Create(Type type) => (Host)Activator.CreateInstance(type, nonPublic: true)!;
}
