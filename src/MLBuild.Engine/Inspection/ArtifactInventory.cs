using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>What the store holds, by stage.</summary>
public sealed class ArtifactInventory(Workspace workspace)
{
    /// <summary>One stored output.</summary>
    /// <param name="Unit">The stage that wrote it, with its partition if it has one.</param>
    /// <param name="IsCurrent">True if it is of the unit's last result; else an older one that a rerun can bring
    /// back.</param>
    public sealed record Item(string Unit, string Output, Artifact Artifact, ActionRecord Record, bool IsCurrent)
    {
        public string Name => $"{Unit}/{Output}";
    }

    /// <summary>Every output of every record, current ones first, then by age.</summary>
    public IReadOnlyList<Item> All()
    {
        var current = workspace.LastFingerprints();
        return [.. workspace.Records.All()
            .SelectMany(record => record.Outputs.Select(output =>
                new Item(record.Stage, output.Name, output.Artifact, record, current.Contains(record.Fingerprint))))
            .OrderBy(item => item.Unit, StringComparer.Ordinal)
            .ThenByDescending(item => item.IsCurrent)
            .ThenByDescending(item => item.Record.FinishedAt)
            .ThenBy(item => item.Output, StringComparer.Ordinal)];
    }

    /// <summary>The artifact that a person means by <c>Train/model.zip</c>, by <c>Ingest/2019-02/trips.parquet</c>, or
    /// by the first digits of its hash.</summary>
    /// <exception cref="PipelineException">There is none, or more than one.</exception>
    public Item Find(string text)
    {
        var all = All();
        var named = all.Where(item => item.IsCurrent
            && item.Name.TrimEnd('/').Equals(text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)).ToArray();
        if (named.Length > 0)
            return named[0];
        var hashed = text.Length < 4
            ? [] : all.Where(item => item.Artifact.Hash.Hex.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(item => item.Artifact.Hash).ToArray();
        return hashed switch
        {
            [var only] => only,
            [] => throw new PipelineException(
                $"There is no artifact '{text}'. Name one as Stage/output or by at least four digits of its hash; " +
                $"./build.sh Artifacts lists them." +
                Suggestion.For(text, all.Where(item => item.IsCurrent).Select(item => item.Name))),
            _ => throw new PipelineException($"'{text}' begins the hashes of {hashed.Length} artifacts: " +
                $"{string.Join(", ", hashed.Select(item => $"{item.Artifact.Hash.Hex[..12]} ({item.Name})"))}. Give " +
                $"more digits."),
        };
    }
}
