using MLBuild.Registry;

namespace MLBuild.Stages.Register;

/// <summary>The versions of a model, newest first.</summary>
/// <param name="ArchivedLeftOut">How many that were put aside are not among them.</param>
public sealed record VersionListing(string Model, IReadOnlyList<ListedVersion> Versions, int ArchivedLeftOut)
{
    /// <param name="withArchived">Also those that were put aside.</param>
    public static VersionListing Of(IModelRegistry registry, string model, bool withArchived)
    {
        var log = registry.Annotations(model);
        var serving = ServingSince.Of(registry, model);
        ListedVersion[] all =
        [
            .. registry.Versions(model).Reverse().Select(version =>
            {
                var marks = VersionMarks.Of(log, version.Number);
                return new ListedVersion(
                    version.Number, version.ModelHash.Hex, version.CreatedUtc, version.Evidence.Gate,
                    Metrics(version),
                    [.. serving.Where(since => since.Version == version.Number).Select(since => since.Environment)],
                    marks.Tags, marks.Archived is not null);
            }),
        ];
        ListedVersion[] shown = [.. all.Where(version => withArchived || !version.IsArchived)];
        return new(model, shown, all.Length - shown.Length);
    }

    /// <summary>A version's metrics in the order in which they were registered.</summary>
    internal static OrderedDictionary<string, double> Metrics(ModelVersion version) =>
        new(version.Evidence.Metrics, StringComparer.Ordinal);
}

/// <param name="ModelHash">The hash of the model's bytes.</param>
/// <param name="Gate">What its gate says in the latest evidence, as the metrics do.</param>
/// <param name="ServesIn">The environments that serve it now, by name.</param>
public sealed record ListedVersion(
    int Version,
    string ModelHash,
    DateTimeOffset CreatedUtc,
    GateOutcome Gate,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<string> ServesIn,
    IReadOnlyList<string> Tags,
    bool IsArchived);

/// <summary>What an environment serves now.</summary>
public sealed record ServingSince(string Environment, int Version, DateTimeOffset SinceUtc)
{
    /// <summary>All environments that serve something of a model, by name.</summary>
    public static IReadOnlyList<ServingSince> Of(IModelRegistry registry, string model) =>
    [
        .. registry.Environments(model)
            .Select(environment => registry.Serving(model, environment))
            .OfType<Served.Version>()
            .Select(served => new ServingSince(served.Since.Environment, served.Since.To, served.Since.DeployedUtc)),
    ];
}
