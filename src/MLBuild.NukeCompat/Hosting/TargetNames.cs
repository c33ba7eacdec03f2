using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Targets by the names that are typed: case and dashes do not count.</summary>
internal static class TargetNames
{
    public static bool AreEqual(string typed, string name) =>
        string.Equals(typed.Replace("-", ""), name, StringComparison.OrdinalIgnoreCase);

    public static ExecutableTarget? Find(IEnumerable<ExecutableTarget> targets, string typed) =>
        targets.FirstOrDefault(target => AreEqual(typed, target.Name));

    /// <summary>What to say about names that no target has; the list of targets stands once, at the end.</summary>
    public static IEnumerable<string> Faults(IReadOnlyCollection<ExecutableTarget> targets, IEnumerable<string> typed)
    {
        var names = targets.Select(target => target.Name).Order(StringComparer.OrdinalIgnoreCase).ToList();
        var unknown = typed
            .Where(name => Find(targets, name) == null)
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        for (var i = 0; i < unknown.Count; i++)
            yield return $"Target with name '{unknown[i]}' does not exist.{Spelling.Suggest(unknown[i], names)}"
                + (i + 1 < unknown.Count ? "" : " Available targets are:" + string.Concat(
                    names.Select(name => $"{Environment.NewLine}  - {name}")));
    }
}
