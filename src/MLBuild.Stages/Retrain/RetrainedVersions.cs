using MLBuild.Learning.Retraining;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Retrain;

/// <summary>What a registry says of retrainings for an environment. It has all that is remembered of them, so any
/// machine can go on with one.</summary>
internal sealed class RetrainedVersions
{
    private readonly IModelRegistry _registry;
    private readonly string _model;
    private readonly IReadOnlyList<ModelVersion> _versions;
    private readonly IReadOnlyList<RecordedAnnotation> _annotations;
    private readonly IReadOnlyList<Deployment> _history;
    private readonly IReadOnlyList<RolloutEntry> _rollouts;
    private readonly Deployment? _serving;

    private RetrainedVersions(IModelRegistry registry, string model, string environment)
    {
        (_registry, _model) = (registry, model);
        // Before the versions: one that is registered and tagged in between is then known.
        _annotations = registry.Annotations(model);
        _versions = registry.Versions(model);
        _history = registry.History(model, environment);
        _rollouts = registry.Rollouts(model, environment);
        _serving = _history.LastOrDefault();
        RolledOut = ActiveRollout.Of(_rollouts)?.Candidate;
        Past =
        [
            .. _annotations.Where(entry => entry.Annotation == TagOf(environment))
                .Where(entry => VersionMarks.Of(_annotations, entry.Number).Tags.Contains(TagOf(environment).Name))
                // Tagged again after it was untagged is one retraining.
                .GroupBy(entry => entry.Number)
                .Select(entries => new PastRetraining(
                    entries.Key, entries.Last().RecordedUtc,
                    FateOf(_versions.Single(version => version.Number == entries.Key))))
                .OrderBy(one => one.RetrainedUtc).ThenBy(one => one.Version),
        ];
    }

    /// <summary>Oldest first. One whose tag a person took away does not count.</summary>
    public IReadOnlyList<PastRetraining> Past { get; }

    /// <summary>The version that is being rolled out; null if none is.</summary>
    public int? RolledOut { get; }

    /// <summary>The version that serves; null if none does.</summary>
    public int? Serving => _serving?.To;

    public static RetrainedVersions Of(IModelRegistry registry, string model, string environment) =>
        new(registry, model, environment);

    /// <summary>What a version that was trained anew for an environment is tagged with. One for staging is none for
    /// production: it was judged beside another version.</summary>
    public static Annotation.Tag TagOf(string environment) => new($"retrained.{environment}");

    /// <summary>The version with these bytes; null if there is none.</summary>
    public ModelVersion? With(ContentHash model) => _versions.FirstOrDefault(version => version.ModelHash == model);

    public VersionFate FateOf(ModelVersion version)
    {
        var number = version.Number;
        if (RolledOut == number)
            return VersionFate.RollingOut;
        if (Serving == number)
            return VersionFate.Serves;
        if (VersionMarks.Of(_annotations, number).Archived is not null)
            return VersionFate.Archived;
        if (_rollouts.Any(entry => entry.Candidate == number && entry.Change == RolloutChange.RolledBack))
            return VersionFate.RolledBack;
        if (_history.Any(deployment => deployment.To == number))
            return VersionFate.Replaced;
        if (version.Evidence.Gate != GateOutcome.Passed)
            return VersionFate.GateNotPassed;
        return _registry.EvidenceHistory(_model, number)[^1].RecordedUtc < _serving?.DeployedUtc
            ? VersionFate.Outdated
            : VersionFate.Waiting;
    }
}
