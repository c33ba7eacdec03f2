using System.Data.Common;
using System.Globalization;
using MLBuild.Store;

namespace MLBuild.Registry;

/// <summary>How versions, evidence, annotations and deployments lie in the rows of
/// <see cref="RegistryTables"/>.</summary>
/// <remarks>Whatever is not what was written throws <see cref="FormatException"/>.</remarks>
internal static class RegistryRecords
{
    // As the table's check has them.
    private const string NoteKind = "Note";
    private const string TagKind = "Tag";
    private const string UntagKind = "Untag";
    private const string ArchiveKind = "Archive";
    private const string UnarchiveKind = "Unarchive";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static int CountVersions(this DbConnection connection, string model) =>
        connection.Rows(
            "SELECT count(*) FROM model_version WHERE model = @model",
            row => row.GetInt32(0),
            ("@model", model)).Single();

    public static int? NumberOf(this DbConnection connection, string model, ContentHash hash) =>
        connection.Rows(
            "SELECT number FROM model_version WHERE model = @model AND model_hash = @hash",
            row => (int?)row.GetInt32(0),
            ("@model", model), ("@hash", hash.Hex)).SingleOrDefault();

    /// <exception cref="RegistryException"><see cref="RegistryFault.UnknownVersion"/>.</exception>
    public static ModelVersion Version(this DbConnection connection, string model, int number)
    {
        var latest = connection.EvidenceOf(model, number, "DESC LIMIT 1").SingleOrDefault()
            ?? throw RegistryRules.UnknownVersion(model, number, connection.CountVersions(model));
        return connection.Rows(
            "SELECT model_hash, created_utc FROM model_version WHERE model = @model AND number = @number",
            row => new ModelVersion(model, number, Hash(row, 0), Time(row, 1), latest.Number, latest.Evidence),
            ("@model", model), ("@number", number)).Single();
    }

    /// <param name="order">What follows <c>ORDER BY position</c>.</param>
    public static List<RecordedEvidence> EvidenceOf(
        this DbConnection connection, string model, int number, string order = "")
    {
        var entries = connection.Rows(
            $"""
            SELECT position, lineage_hash, evaluation_hash, gate, input_schema_hash, who, recorded_utc
            FROM evidence WHERE model = @model AND number = @number ORDER BY position {order}
            """,
            row => new RecordedEvidence(
                row.GetInt32(0),
                new Evidence(
                    Hash(row, 1), Hash(row, 2), Gate(row, 3), NamedValues<double>.None, NamedValues<ContentHash>.None)
                {
                    InputSchemaHash = row.IsDBNull(4) ? null : Hash(row, 4),
                },
                row.GetString(5),
                Time(row, 6)),
            ("@model", model), ("@number", number));
        return entries.ConvertAll(entry => entry with
        {
            Evidence = entry.Evidence with
            {
                Metrics = connection.Named("metric", "value", (model, number, entry.Number), row => row.GetDouble(1)),
                Attachments = connection.Named(
                    "attachment", "hash", (model, number, entry.Number), row => Hash(row, 1)),
            },
        });
    }

    /// <param name="until">Only entries written by then.</param>
    /// <param name="order">What follows <c>ORDER BY position</c>.</param>
    public static List<Deployment> Deployments(
        this DbConnection connection, string model, string environment, DateTimeOffset until, string order = "") =>
        connection.Rows(
            $"""
            SELECT d.position, d.from_number, d.to_number, d.evidence, e.evaluation_hash, e.gate, d.who, d.why,
                   d.forced_reason, d.deployed_utc
            FROM deployment d
            JOIN evidence e ON e.model = d.model AND e.number = d.to_number AND e.position = d.evidence
            WHERE d.model = @model AND d.environment = @environment AND d.deployed_utc <= @until
            ORDER BY d.position {order}
            """,
            row => new Deployment(
                model,
                environment,
                row.GetInt32(0),
                row.IsDBNull(1) ? null : row.GetInt32(1),
                row.GetInt32(2),
                row.GetInt32(3),
                Hash(row, 4),
                Gate(row, 5),
                row.GetString(6),
                row.GetString(7),
                row.IsDBNull(8) ? null : row.GetString(8),
                Time(row, 9)),
            ("@model", model), ("@environment", environment), ("@until", Text(until)));

    public static Deployment? LastDeployment(
        this DbConnection connection, string model, string environment, DateTimeOffset until) =>
        connection.Deployments(model, environment, until, "DESC LIMIT 1").SingleOrDefault();

    /// <summary>The environments that a model was ever deployed to.</summary>
    public static List<string> Environments(this DbConnection connection, string model) =>
        connection.Rows(
            "SELECT DISTINCT environment FROM deployment WHERE model = @model ORDER BY environment",
            row => row.GetString(0),
            ("@model", model));

    public static List<RecordedAnnotation> Annotations(this DbConnection connection, string model) =>
        connection.Rows(
            """
            SELECT position, number, kind, content, who, recorded_utc
            FROM annotation WHERE model = @model ORDER BY position
            """,
            row => new RecordedAnnotation(
                row.GetInt32(0), row.GetInt32(1), Annotation(row, 2), row.GetString(4), Time(row, 5)),
            ("@model", model));

    public static void Add(this DbConnection connection, string model, RecordedAnnotation entry)
    {
        var (kind, content) = entry.Annotation switch
        {
            Registry.Annotation.Note note => (NoteKind, note.Text),
            Registry.Annotation.Tag tag => (TagKind, tag.Name),
            Registry.Annotation.Untag tag => (UntagKind, tag.Name),
            Registry.Annotation.Archive archive => (ArchiveKind, archive.Why),
            Registry.Annotation.Unarchive unarchive => (UnarchiveKind, unarchive.Why),
            var other => throw new InvalidOperationException($"BUG: unknown annotation {other}."),
        };
        connection.Execute(
            "INSERT INTO annotation VALUES (@model, @position, @number, @kind, @content, @who, @recorded)",
            ("@model", model), ("@position", entry.Position), ("@number", entry.Number), ("@kind", kind),
            ("@content", content), ("@who", entry.Who), ("@recorded", Text(entry.RecordedUtc)));
    }

    public static void Add(this DbConnection connection, ModelVersion version) =>
        connection.Execute(
            "INSERT INTO model_version VALUES (@model, @number, @hash, @created)",
            ("@model", version.ModelName), ("@number", version.Number), ("@hash", version.ModelHash.Hex),
            ("@created", Text(version.CreatedUtc)));

    public static void Add(this DbConnection connection, string model, int number, RecordedEvidence entry)
    {
        var evidence = entry.Evidence;
        connection.Execute(
            """
            INSERT INTO evidence VALUES
            (@model, @number, @position, @lineage, @evaluation, @schema, @gate, @who, @recorded)
            """,
            ("@model", model), ("@number", number), ("@position", entry.Number),
            ("@lineage", evidence.LineageHash.Hex), ("@evaluation", evidence.EvaluationHash.Hex),
            ("@schema", evidence.InputSchemaHash?.Hex), ("@gate", evidence.Gate.ToString()),
            ("@who", entry.Who), ("@recorded", Text(entry.RecordedUtc)));
        foreach (var (index, (name, value)) in evidence.Metrics.Index())
            connection.AddNamed("metric", (model, number, entry.Number), index + 1, name, value);
        foreach (var (index, (name, hash)) in evidence.Attachments.Index())
            connection.AddNamed("attachment", (model, number, entry.Number), index + 1, name, hash.Hex);
    }

    public static void Add(this DbConnection connection, Deployment deployment) =>
        connection.Execute(
            """
            INSERT INTO deployment VALUES
            (@model, @environment, @position, @from, @to, @evidence, @who, @why, @forced, @deployed)
            """,
            ("@model", deployment.ModelName), ("@environment", deployment.Environment),
            ("@position", deployment.Position), ("@from", deployment.From), ("@to", deployment.To),
            ("@evidence", deployment.EvidenceNumber), ("@who", deployment.Who), ("@why", deployment.Why),
            ("@forced", deployment.ForcedReason), ("@deployed", Text(deployment.DeployedUtc)));

    /// <summary>All entries about rollouts to an environment, in order.</summary>
    public static List<RolloutEntry> Rollouts(this DbConnection connection, string model, string environment) =>
        connection.Rows(
            """
            SELECT position, change, candidate, champion, strategy, share_percent, forced_reason, who, why, recorded_utc
            FROM rollout WHERE model = @model AND environment = @environment ORDER BY position
            """,
            row => new RolloutEntry(
                model, environment, row.GetInt32(0), Named<RolloutChange>(row, 1), row.GetInt32(2), row.GetInt32(3),
                Named<RolloutStrategy>(row, 4), row.GetInt32(5), row.IsDBNull(6) ? null : row.GetString(6),
                row.GetString(7), row.GetString(8), Time(row, 9)),
            ("@model", model), ("@environment", environment));

    public static void Add(this DbConnection connection, RolloutEntry entry) =>
        connection.Execute(
            """
            INSERT INTO rollout VALUES
            (@model, @environment, @position, @change, @candidate, @champion, @strategy, @percent, @forced, @who, @why,
             @recorded)
            """,
            ("@model", entry.ModelName), ("@environment", entry.Environment), ("@position", entry.Position),
            ("@change", $"{entry.Change}"), ("@candidate", entry.Candidate), ("@champion", entry.Champion),
            ("@strategy", $"{entry.Strategy}"), ("@percent", entry.Percent), ("@forced", entry.ForcedReason),
            ("@who", entry.Who), ("@why", entry.Why), ("@recorded", Text(entry.RecordedUtc)));

    /// <summary>What each server of an environment said last.</summary>
    public static List<ServerReport> Reports(
        this DbConnection connection, string model, string environment, DateTimeOffset now) =>
        connection.Rows(
            $"""
            SELECT server, content, reported_utc FROM {RegistryTables.Reports}
            WHERE model = @model AND environment = @environment ORDER BY server
            """,
            row => new ServerReport(model, environment, row.GetString(0), row.GetString(1), now - Time(row, 2)),
            ("@model", model), ("@environment", environment));

    /// <summary>Replaces what a server said before, and forgets the servers that said nothing since
    /// <paramref name="forget"/>.</summary>
    public static void PutReport(
        this DbConnection connection, (string Model, string Environment, string Server) of, string content,
        DateTimeOffset now, DateTimeOffset forget)
    {
        connection.Execute(
            $"DELETE FROM {RegistryTables.Reports} "
            + "WHERE model = @model AND environment = @environment AND reported_utc < @forget",
            ("@model", of.Model), ("@environment", of.Environment), ("@forget", Text(forget)));
        connection.Execute(
            $"""
            INSERT INTO {RegistryTables.Reports} VALUES (@model, @environment, @server, @content, @reported)
            ON CONFLICT (model, environment, server)
            DO UPDATE SET content = excluded.content, reported_utc = excluded.reported_utc
            """,
            ("@model", of.Model), ("@environment", of.Environment), ("@server", of.Server),
            ("@content", content), ("@reported", Text(now)));
    }

    public static ContentHash Hash(DbDataReader row, int column) => ContentHash.Parse(row.GetString(column));

    private static NamedValues<T> Named<T>(
        this DbConnection connection,
        string table,
        string column,
        (string Model, int Number, int Position) evidence,
        Func<DbDataReader, T> value)
        where T : notnull, IEquatable<T> =>
        new(connection.Rows(
            $"""
            SELECT name, {column} FROM {table}
            WHERE model = @model AND number = @number AND evidence = @evidence ORDER BY position
            """,
            row => KeyValuePair.Create(row.GetString(0), value(row)),
            ("@model", evidence.Model), ("@number", evidence.Number), ("@evidence", evidence.Position)));

    private static void AddNamed(
        this DbConnection connection,
        string table,
        (string Model, int Number, int Position) evidence,
        int position,
        string name,
        object value) =>
        connection.Execute(
            $"INSERT INTO {table} VALUES (@model, @number, @evidence, @position, @name, @value)",
            ("@model", evidence.Model), ("@number", evidence.Number), ("@evidence", evidence.Position),
            ("@position", position), ("@name", name), ("@value", value));

    private static GateOutcome Gate(DbDataReader row, int column) => row.GetString(column) switch
    {
        nameof(GateOutcome.Passed) => GateOutcome.Passed,
        nameof(GateOutcome.Failed) => GateOutcome.Failed,
        nameof(GateOutcome.Inconclusive) => GateOutcome.Inconclusive,
        var other => throw new FormatException($"'{other}' is not a gate outcome."),
    };

    private static T Named<T>(DbDataReader row, int column) where T : struct, Enum =>
        Enum.TryParse<T>(row.GetString(column), out var value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"'{row.GetString(column)}' is not a {typeof(T).Name}.");

    private static Annotation Annotation(DbDataReader row, int column) =>
        (row.GetString(column), row.GetString(column + 1)) switch
        {
            (NoteKind, var text) => new Annotation.Note(text),
            (TagKind, var name) => new Annotation.Tag(name),
            (UntagKind, var name) => new Annotation.Untag(name),
            (ArchiveKind, var why) => new Annotation.Archive(why),
            (UnarchiveKind, var why) => new Annotation.Unarchive(why),
            var (other, _) => throw new FormatException($"'{other}' is not a kind of annotation."),
        };

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(DbDataReader row, int column) =>
        DateTimeOffset.ParseExact(
            row.GetString(column), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
