using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Lineage;

/// <summary>A lineage as a tree of lines: where the version went, then what made it, each unit once.</summary>
public static class LineageText
{
    public static IEnumerable<string> Lines(VersionLineage lineage)
    {
        var units = lineage.Units.ToDictionary(unit => unit.Unit, StringComparer.Ordinal);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var read = lineage.Units.SelectMany(unit => unit.Reads).ToHashSet(StringComparer.Ordinal);
        var last = lineage.Units.Where(unit => !read.Contains(unit.Unit) && unit.Unit != lineage.Maker).ToArray();
        return
        [
            FormattableString.Invariant($"{lineage.Model} version {lineage.Version}, created ") +
            $"{Moment.Text(lineage.CreatedUtc)}, gate {lineage.Gate}",
            $"model {lineage.ModelHash}",
            .. lineage.Deployments.Select(Deployment),
            .. lineage.Deployments.Count == 0 ? ["never deployed"] : Array.Empty<string>(),
            .. lineage.Maker is { } maker ? ["made by", .. Tree(maker, depth: 1)] : Array.Empty<string>(),
            // What nothing reads came after: it judged the model, or told of it.
            .. last.Length > 0 ? ["judged and described by"] : Array.Empty<string>(),
            .. last.SelectMany(unit => Tree(unit.Unit, depth: 1)),
        ];

        IEnumerable<string> Tree(string name, int depth)
        {
            var indent = new string(' ', 2 * depth);
            if (!shown.Add(name))
                return [$"{indent}{name}, see above"];
            var unit = units[name];
            return
            [
                $"{indent}{name}, recipe {unit.Recipe[..8]}",
                .. unit.Files.Select(file => $"{indent}  {file.Name}  {file.Hash}"),
                .. unit.Reads.SelectMany(before => Tree(before, depth + 1)),
            ];
        }
    }

    private static string Deployment(LineageDeployment deployment) =>
        $"served in '{deployment.Environment}' from {Moment.Text(deployment.FromUtc)} to " +
        (deployment.ToUtc is { } end ? Moment.Text(end) : "now") + $", deployed by {deployment.Who}" +
        (deployment.ForcedReason is { } reason ? $", by force: {reason}" : "");
}
