using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Registry;

namespace MLBuild.Stages.Deploy;

/// <summary>The versions that served in an environment since a person last forced one, as a text that a stage can
/// observe: when another one serves, the text differs and the stage is stale.</summary>
/// <remarks>Who forces a version says why it may serve whatever came before it was, and that is recorded for ever. From
/// then on it is the first one to be compared with: a version that takes other features would otherwise stop every
/// later one. Going back to one that served repeats why it was forced, and says nothing new of what came
/// between.</remarks>
public static class ServedVersions
{
    /// <summary>More versions than these are not all looked at, but those with the least error when they were
    /// registered.</summary>
    public const int Most = 32;

    private const string NoneText = "none";
    private const string Separator = " | ";

    /// <param name="attachments">The attachments that matter to the stage that observes.</param>
    public static string Of(IModelRegistry registry, string model, string environment, params string[] attachments)
    {
        var history = registry.History(model, environment);
        var forced = history.Select((deployment, i) => deployment.ForcedReason is not null
            && !history.Take(i).Any(earlier => earlier.To == deployment.To)).ToList().LastIndexOf(true);
        var versions = history.Skip(Math.Max(0, forced)).Select(deployment => deployment.To).Distinct()
            .Select(number => registry.Find(model, number))
            .OrderBy(RegisteredError)
            .ThenByDescending(version => version.Number)
            .Take(Most)
            .OrderBy(version => version.Number)
            .Select(version => Champion.Of(version, attachments).ToString())
            .ToArray();
        return versions is [] ? NoneText : string.Join(Separator, versions);
    }

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    public static IReadOnlyList<Champion.Serving> Parse(string text) => text == NoneText
        ? []
        : [.. text.Split(Separator).Select(Champion.Parse).Cast<Champion.Serving>()];

    // A version has that of its task.
    private static double RegisteredError(ModelVersion version) => Enum.GetValues<LearningTaskKind>()
        .Select(task => RowLoss.Of(task).ShownId)
        .Select(id => version.Evidence.Metrics.TryGetValue(id, out var error) ? error : double.PositiveInfinity)
        .Min();
}
