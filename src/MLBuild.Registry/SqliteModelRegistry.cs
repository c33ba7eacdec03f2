using Microsoft.Data.Sqlite;
using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>A model registry in one SQLite file, for one machine: file locks are not to be trusted on network drives.
/// Constructing it touches nothing, and only registering creates the file.</summary>
public sealed class SqliteModelRegistry : IModelRegistry
{
    private readonly SqliteRegistryFile _file;
    private readonly TimeProvider _clock;

    /// <param name="file">The full path of the database file.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another writer; at least 1.</param>
    public SqliteModelRegistry(string file, TimeProvider clock, int busyTimeoutSeconds = 30)
    {
        if (!Path.IsPathFullyQualified(file))
            throw new ArgumentException($"BUG: registry path '{file}' is relative, expected a full path.");
        ArgumentOutOfRangeException.ThrowIfLessThan(busyTimeoutSeconds, 1);
        _file = new(file, busyTimeoutSeconds);
        _clock = clock;
    }

    public Registered Register(ModelCandidate candidate)
    {
        RegistryRules.Check(candidate);
        var (model, evidence) = (candidate.ModelName, candidate.Evidence);
        return _file.Change<Registered>(connection =>
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
        // An unknown version is refused before the file is created for it. Versions never go, so asking early is safe.
        Find(model, request.Number);
        return _file.Change<Deployed>(connection =>
        {
            var version = connection.Version(model, request.Number);
            var last = connection.LastDeployment(model, environment, DateTimeOffset.MaxValue);
            if (last?.To == request.Number)
                return new Deployed.Unchanged(last);
            RegistryRules.CheckAllowed(request, version, ServedBy(connection, last));

            var deployment = new Deployment(
                model,
                environment,
                Position: (last?.Position ?? 0) + 1,
                From: last?.To,
                To: request.Number,
                version.EvidenceNumber,
                version.Evidence.EvaluationHash,
                version.Evidence.Gate,
                request.Who,
                request.Why,
                request.Override?.Reason,
                _clock.GetUtcNow());
            connection.Add(deployment);
            return new Deployed.Changed(deployment);
        });
    }

    public Served Serving(string modelName, string environment) =>
        ServingAt(modelName, environment, DateTimeOffset.MaxValue);

    public Served ServingAt(string modelName, string environment, DateTimeOffset instant)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _file.Read(new Served.Nothing(), connection =>
            ServedBy(connection, connection.LastDeployment(modelName, environment, instant)));
    }

    public IReadOnlyList<Deployment> History(string modelName, string environment)
    {
        RegistryRules.CheckNames(modelName, environment);
        return _file.Read([], connection => connection.Deployments(modelName, environment, DateTimeOffset.MaxValue));
    }

    public IReadOnlyList<ModelVersion> Versions(string modelName)
    {
        RegistryRules.CheckName(modelName);
        return _file.Read([], connection => Enumerable.Range(1, connection.CountVersions(modelName))
            .Select(number => connection.Version(modelName, number))
            .ToList());
    }

    public ModelVersion Find(string modelName, int number)
    {
        RegistryRules.CheckName(modelName);
        return _file.Read<ModelVersion?>(null, connection => connection.Version(modelName, number))
            ?? throw RegistryRules.UnknownVersion(modelName, number, versions: 0);
    }

    public IReadOnlyList<RecordedEvidence> EvidenceHistory(string modelName, int number)
    {
        RegistryRules.CheckName(modelName);
        var history = _file.Read([], connection => connection.EvidenceOf(modelName, number));
        // Each version has evidence, so none means no such version: Find says which there are.
        if (history.Count == 0)
            Find(modelName, number);
        return history;
    }

    public IReadOnlySet<ContentHash> ReferencedArtifacts() =>
        _file.Read([], connection => connection.Rows(
            """
            SELECT model_hash FROM model_version
            UNION SELECT lineage_hash FROM evidence
            UNION SELECT evaluation_hash FROM evidence
            UNION SELECT input_schema_hash FROM evidence WHERE input_schema_hash IS NOT NULL
            UNION SELECT hash FROM attachment
            """,
            row => SqliteRecords.Hash(row, 0)).ToHashSet());

    private static Served ServedBy(SqliteConnection connection, Deployment? deployment) =>
        deployment is null
            ? new Served.Nothing()
            : new Served.Version(connection.Version(deployment.ModelName, deployment.To), deployment);
}
