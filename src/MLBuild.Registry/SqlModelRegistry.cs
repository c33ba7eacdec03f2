using System.Data.Common;
using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>What registering, deploying, annotating and asking do in a database, whichever it is. Constructing one
/// touches nothing, and neither asking nor a server's report creates tables.</summary>
public abstract class SqlModelRegistry : IModelRegistry
{
    // A server that has said nothing for so long is gone, and what it counted was of another day.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    private readonly RegistryDatabase _database;
    private readonly TimeProvider _clock;

    private protected SqlModelRegistry(RegistryDatabase database, TimeProvider clock) =>
        (_database, _clock) = (database, clock);

    public Registered Register(ModelCandidate candidate)
    {
        RegistryRules.Check(candidate);
        var (model, evidence) = (candidate.ModelName, candidate.Evidence);
        return _database.Change<Registered>(connection =>
        {
            if (connection.NumberOf(model, candidate.ModelHash) is not { } known)
            {
                var now = _clock.GetUtcNow();
                var version = new ModelVersion(
                    model, connection.CountVersions(model) + 1, candidate.ModelHash, now, EvidenceNumber: 1, evidence);
                connection.Add(version);
                connection.Add(model, version.Number, new RecordedEvidence(1, evidence, candidate.Who, now));
                return new Registered.New(version);
            }

            var current = connection.Version(model, known);
            if (current.Evidence == evidence)
                return new Registered.Unchanged(current);
            var entry = new RecordedEvidence(current.EvidenceNumber + 1, evidence, candidate.Who, _clock.GetUtcNow());
            connection.Add(model, known, entry);
            return new Registered.Reevaluated(current with { EvidenceNumber = entry.Number, Evidence = evidence });
        });
    }

    public Deployed Deploy(DeployRequest request)
    {
        RegistryRules.Check(request);
        var (model, environment) = (request.ModelName, request.Environment);
        // An unknown version is refused before tables are created for it. Versions never go, so asking early is safe.
        Find(model, request.Number);
        return _database.Change<Deployed>(connection =>
        {
            var version = connection.Version(model, request.Number);
            var last = connection.LastDeployment(model, environment, DateTimeOffset.MaxValue);
            if (last?.To == request.Number)
                return new Deployed.Unchanged(last);
            var marks = VersionMarks.Of(connection.Annotations(model), version.Number);
            var rollout = ActiveRollout.Of(connection.Rollouts(model, environment));
            RegistryRules.CheckAllowed(request, version, marks.Archived, ServedBy(connection, last), rollout);
            return new Deployed.Changed(
                Serve(connection, version, environment, last, request.Who, request.Why, request.Override?.Reason));
        });
    }

    public RolledOut RollOut(RolloutRequest request)
    {
        RegistryRules.Check(request);
        var (model, environment) = (request.ModelName, request.Environment);
        // As in Deploy: an unknown version is refused before tables are created for it.
        Find(model, request.Number);
        return _database.Change<RolledOut>(connection =>
        {
            var version = connection.Version(model, request.Number);
            var log = connection.Rollouts(model, environment);
            var rollout = ActiveRollout.Of(log);
            if (IsSoAlready(request, rollout, log.LastOrDefault()) is { } entry)
                return new RolledOut.Unchanged(entry);
            var last = connection.LastDeployment(model, environment, DateTimeOffset.MaxValue);
            var serving = ServedBy(connection, last);
            var marks = VersionMarks.Of(connection.Annotations(model), version.Number);
            RegistryRules.CheckAllowed(request, version, marks.Archived, serving, rollout);

            var changed = new RolloutEntry(
                model,
                environment,
                Position: log.Count + 1,
                request.Change,
                request.Number,
                Champion: last!.To,
                rollout?.Strategy ?? request.Strategy,
                request.Change switch
                {
                    RolloutChange.Promoted => 100,
                    RolloutChange.RolledBack => 0,
                    _ => request.Percent,
                },
                RegistryRules.ForcedReason(request, rollout),
                request.Who,
                request.Why,
                _clock.GetUtcNow());
            connection.Add(changed);
            if (request.Change == RolloutChange.Promoted)
                Serve(connection, version, environment, last, request.Who, request.Why, changed.ForcedReason);
            return new RolledOut.Changed(changed);
        });
    }

    public IReadOnlyList<RolloutEntry> Rollouts(string modelName, string environment)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _database.Read(
            [], connection => connection.Rollouts(modelName, environment), since: RegistryTables.RolloutSchema);
    }

    public DesiredState Desired(string modelName, string environment)
    {
        RegistryRules.CheckNames(modelName, environment);
        // A registry of an older schema has no rollouts.
        return _database.Read<DesiredState?>(
            null,
            connection =>
            {
                var rollout = ActiveRollout.Of(connection.Rollouts(modelName, environment));
                return new(
                    ServedBy(
                        connection, connection.LastDeployment(modelName, environment, DateTimeOffset.MaxValue)),
                    rollout,
                    rollout is null ? null : connection.Version(modelName, rollout.Candidate));
            },
            since: RegistryTables.RolloutSchema)
            ?? new(Serving(modelName, environment), null, null);
    }

    public void Report(string modelName, string environment, string server, string content)
    {
        RegistryRules.CheckReport(modelName, environment, server, content);
        // A server never brings a registry up to date: builds that use it may be older.
        _database.Put(RegistryTables.RolloutSchema, connection =>
        {
            var now = _database.Now(connection, _clock);
            connection.PutReport((modelName, environment, server), content, now, forget: now - ForgottenAfter);
        });
    }

    public IReadOnlyList<ServerReport> Reports(string modelName, string environment)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _database.Read(
            [],
            connection => connection.Reports(modelName, environment, _database.Now(connection, _clock)),
            since: RegistryTables.RolloutSchema);
    }

    public Annotated Annotate(AnnotateRequest request)
    {
        RegistryRules.Check(request);
        var (model, number) = (request.ModelName, request.Number);
        // As in Deploy: an unknown version is refused before tables are created for it.
        Find(model, number);
        return _database.Change<Annotated>(connection =>
        {
            var log = connection.Annotations(model);
            if (!VersionMarks.Of(log, number).Lack(request.Annotation))
                return new Annotated.Unchanged();
            var serving = connection.Environments(model)
                .Select(environment => connection.LastDeployment(model, environment, DateTimeOffset.MaxValue)!)
                .Where(last => last.To == number);
            var rolledOut = connection.Environments(model)
                .Select(environment => ActiveRollout.Of(connection.Rollouts(model, environment)))
                .OfType<ActiveRollout>()
                .Where(rollout => rollout.Candidate == number);
            RegistryRules.CheckAllowed(request, [.. serving], [.. rolledOut]);
            var entry = new RecordedAnnotation(
                log.Count + 1, number, request.Annotation, request.Who, _clock.GetUtcNow());
            connection.Add(model, entry);
            return new Annotated.Changed(entry);
        });
    }

    public IReadOnlyList<RecordedAnnotation> Annotations(string modelName)
    {
        RegistryRules.CheckName(modelName);
        return _database.Read(
            [], connection => connection.Annotations(modelName), since: RegistryTables.AnnotationSchema);
    }

    public IReadOnlyList<string> Environments(string modelName)
    {
        RegistryRules.CheckName(modelName);
        return _database.Read([], connection => connection.Environments(modelName));
    }

    public Served Serving(string modelName, string environment) =>
        ServingAt(modelName, environment, DateTimeOffset.MaxValue);

    public Served ServingAt(string modelName, string environment, DateTimeOffset instant)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _database.Read(new Served.Nothing(), connection =>
            ServedBy(connection, connection.LastDeployment(modelName, environment, instant)));
    }

    public IReadOnlyList<Deployment> History(string modelName, string environment)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _database.Read(
            [], connection => connection.Deployments(modelName, environment, DateTimeOffset.MaxValue));
    }

    public IReadOnlyList<ModelVersion> Versions(string modelName)
    {
        RegistryRules.CheckName(modelName);
        return _database.Read([], connection => connection.Versions(modelName));
    }

    public ModelVersion Find(string modelName, int number)
    {
        RegistryRules.CheckName(modelName);
        return _database.Read<ModelVersion?>(null, connection => connection.Version(modelName, number))
            ?? throw RegistryRules.UnknownVersion(modelName, number, versions: 0);
    }

    public IReadOnlyList<RecordedEvidence> EvidenceHistory(string modelName, int number)
    {
        RegistryRules.CheckName(modelName);
        var history = _database.Read([], connection => connection.EvidenceOf(modelName, number));
        // Each version has evidence, so none means no such version: Find says which there are.
        if (history.Count == 0)
            Find(modelName, number);
        return history;
    }

    public IReadOnlySet<ContentHash> ReferencedArtifacts() =>
        _database.Read([], connection => connection.Rows(
            """
            SELECT model_hash FROM model_version
            UNION SELECT lineage_hash FROM evidence
            UNION SELECT evaluation_hash FROM evidence
            UNION SELECT input_schema_hash FROM evidence WHERE input_schema_hash IS NOT NULL
            UNION SELECT hash FROM attachment
            """,
            row => RegistryRecords.Hash(row, 0)).ToHashSet());

    private Deployment Serve(
        DbConnection connection, ModelVersion version, string environment, Deployment? last, string who, string why,
        string? forcedReason)
    {
        var deployment = new Deployment(
            version.ModelName,
            environment,
            Position: (last?.Position ?? 0) + 1,
            From: last?.To,
            To: version.Number,
            version.EvidenceNumber,
            version.Evidence.EvaluationHash,
            version.Evidence.Gate,
            who,
            why,
            forcedReason,
            _clock.GetUtcNow());
        connection.Add(deployment);
        return deployment;
    }

    // The retry of a request whose answer got lost.
    private static RolloutEntry? IsSoAlready(RolloutRequest request, ActiveRollout? rollout, RolloutEntry? last) =>
        request.Change switch
        {
            RolloutChange.Started => rollout is not null && rollout.Candidate == request.Number
                && rollout.Strategy == request.Strategy ? rollout.Last : null,
            RolloutChange.Shared => rollout is not null && rollout.Candidate == request.Number
                && rollout.Percent == request.Percent ? rollout.Last : null,
            _ => rollout is null && last is not null && last.Candidate == request.Number
                && last.Change == request.Change ? last : null,
        };

    private static Served ServedBy(DbConnection connection, Deployment? deployment) =>
        deployment is null
            ? new Served.Nothing()
            : new Served.Version(connection.Version(deployment.ModelName, deployment.To), deployment);
}
