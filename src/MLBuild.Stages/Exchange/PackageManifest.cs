using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Exchange;

/// <summary>What a registry knows of a version, as it travels with its bytes.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its number where it was registered; elsewhere it may get another.</param>
/// <param name="ModelHash">The hash of the model's bytes.</param>
/// <param name="Evidence">The latest there.</param>
public sealed record PackageManifest(
    string Model, int Version, string ModelHash, DateTimeOffset CreatedUtc, PackageEvidence Evidence)
{
    internal static PackageManifest Of(ModelVersion version, RecordedEvidence latest) => new(
        version.ModelName, version.Number, version.ModelHash.Hex, version.CreatedUtc,
        new(
            latest.Who, latest.RecordedUtc, latest.Evidence.Gate, latest.Evidence.LineageHash.Hex,
            latest.Evidence.EvaluationHash.Hex, latest.Evidence.InputSchemaHash?.Hex,
            [.. latest.Evidence.Metrics.Select(pair => new PackageMetric(pair.Key, pair.Value))],
            [.. latest.Evidence.Attachments.Select(pair => new PackageAttachment(pair.Key, pair.Value.Hex))]));

    /// <summary>The bytes without which it is not the version: its model, and all that its evidence names.</summary>
    /// <exception cref="FormatException">A hash is none.</exception>
    internal IEnumerable<(string What, ContentHash Hash)> Needed() =>
    [
        ("its model", ContentHash.Parse(ModelHash)),
        ("its recipe", ContentHash.Parse(Evidence.Lineage)),
        ("its evaluation", ContentHash.Parse(Evidence.Evaluation)),
        .. Evidence.InputSchema is { } schema
            ? [("its schema", ContentHash.Parse(schema))] : Array.Empty<(string, ContentHash)>(),
        .. Evidence.Attachments.Select(attachment => ($"its '{attachment.Name}'", ContentHash.Parse(attachment.Hash))),
    ];

    /// <exception cref="FormatException">A hash is none.</exception>
    internal Evidence ToEvidence() => new(
        ContentHash.Parse(Evidence.Lineage),
        ContentHash.Parse(Evidence.Evaluation),
        Evidence.Gate,
        new(Evidence.Metrics.Select(metric => KeyValuePair.Create(metric.Name, metric.Value))),
        new(Evidence.Attachments.Select(attachment =>
            KeyValuePair.Create(attachment.Name, ContentHash.Parse(attachment.Hash)))))
    {
        InputSchemaHash = Evidence.InputSchema is { } schema ? ContentHash.Parse(schema) : null,
    };
}

/// <param name="Who">Who registered it there.</param>
/// <param name="InputSchema">Null where the version declares none.</param>
public sealed record PackageEvidence(
    string Who, DateTimeOffset RecordedUtc, GateOutcome Gate, string Lineage, string Evaluation, string? InputSchema,
    IReadOnlyList<PackageMetric> Metrics, IReadOnlyList<PackageAttachment> Attachments);

public sealed record PackageMetric(string Name, double Value);

public sealed record PackageAttachment(string Name, string Hash);
