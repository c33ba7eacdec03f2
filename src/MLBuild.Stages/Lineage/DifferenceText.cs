using System.Globalization;
using System.Text.RegularExpressions;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Lineage;

/// <summary>What differs between two versions, for a person.</summary>
public static partial class DifferenceText
{
    public static IEnumerable<string> Lines(VersionDifference difference, Page page) =>
    [
        .. Causes(difference).SelectMany(line => page.Wrap(line)),
        .. page.Wrap(difference.IsSameHoldOut
            ? "metrics, on the same rows" : "metrics, each on the rows held out from its own data"),
        .. PageTable.Lines(page,
            [new("  "), new(Number(difference.From)), new(Number(difference.To)), new("difference")],
            difference.Metrics.Select(metric => (PageCell[])
            [
                $"  {metric.Name}",
                Number(metric.Before),
                Number(metric.After),
                metric is { Before: { } before, After: { } after } ? Signed(after - before) : "-",
            ])),
    ];

    private static IEnumerable<string> Causes(VersionDifference difference) =>
    [
        $"{Version(difference.From)} -> {Version(difference.To)}",
        .. Section("data", difference.Files.Select(File)),
        .. Section("parameters", difference.Changes
            .Where(change => KindOf(change) is RecipeKind.Parameter)
            .Select(change => $"{change.Stage}: {change.Change}")),
        .. Section("code", ByText(difference, kind => kind is RecipeKind.Code or RecipeKind.Captured)),
        .. Section("packages", ByText(
            difference, kind => kind is RecipeKind.Package or RecipeKind.Framework or RecipeKind.Semantics)),
        .. Section("stages", [
            .. difference.Changes.Where(change => change.Change is null)
                .Select(StageChange),
            .. ByText(difference, kind => kind is RecipeKind.Stage or RecipeKind.Output or RecipeKind.Observed),
        ]),
    ];

    /// <summary>Says that only one version has a stage.</summary>
    internal static string StageChange(StageDifference difference) =>
        $"{difference.Stage} {(difference.IsNew ? "is new" : "is gone")}";

    private static IEnumerable<string> Section(string name, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        return all.Length == 0 ? [$"{name}: the same"] : [name, .. all.Select(line => $"  {line}")];
    }

    // The same change in several stages is one line, which names them.
    private static IEnumerable<string> ByText(VersionDifference difference, Func<RecipeKind, bool> isMeant) =>
        difference.Changes
            .Where(change => KindOf(change) is { } kind && isMeant(kind))
            .GroupBy(change => LongHash().Replace(change.Change!.ToString(), hash => hash.Value[..8]))
            .Select(same => $"{same.Key} ({string.Join(", ", same.Select(change => change.Stage).Distinct())})");

    private static RecipeKind? KindOf(StageDifference difference) =>
        (difference.Change?.After ?? difference.Change?.Before)?.Kind;

    private static string File(FileDifference file) => file switch
    {
        { Before: null, After: { } after } => $"{file.Name} is new: {Short(after)}",
        { Before: { } before, After: null } => $"{file.Name} is gone: {Short(before)}",
        _ => $"{file.Name} changed: {Short(file.Before!)} -> {Short(file.After!)}",
    };

    private static string Version(ModelVersion version) => string.Create(CultureInfo.InvariantCulture,
        $"{version.ModelName} version {version.Number} ({version.ModelHash.Short})");

    private static string Number(ModelVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"version {version.Number}");

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";

    private static string Signed(double value) =>
        value.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture);

    private static string Short(string hashes) => LongHash().Replace(hashes, hash => hash.Value[..8]);

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex LongHash();
}
