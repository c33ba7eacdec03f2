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
    public static ModelVersion Version(this DbConnection connection, string model, int number) =>
        connection.Versions(model, number, number) is [var version]
            ? version
            : throw RegistryRules.UnknownVersion(model, number, connection.CountVersions(model));

    /// <summary>The versions of some numbers, each with its latest evidence. As many queries for all as for one: the
    /// database may be far away.</summary>
    public static List<ModelVersion> Versions(
        this DbConnection connection, string model, int first = 1, int last = int.MaxValue)
    {
        var latest = connection.Evidence(model, first, last, OnlyLatest).ToDictionary(of => of.Number, of => of.Entry);
        return connection.Rows(
            """
            SELECT number, model_hash, created_utc FROM model_version
            WHERE model = @model AND number BETWEEN @first AND @last ORDER BY number
            """,
            row => latest.TryGetValue(row.GetInt32(0), out var entry)
                ? new ModelVersion(
                    model, row.GetInt32(0), Hash(row, 1), Time(row, 2), entry.Number, entry.Evidence)
                : throw new FormatException(
                    FormattableString.Invariant($"Version {row.GetInt32(0)} of model '{model}' has no evidence.")),
            ("@model", model), ("@first", first), ("@last", last));
    }

    /// <summary>All evidence of a version, oldest first; none of one that is not there.</summary>
    public static List<RecordedEvidence> EvidenceOf(this DbConnection connection, string model, int number) =>
        connection.Evidence(model, number, number, only: "").ConvertAll(of => of.Entry);

    // Of an entry of evidence that is called e.
    private const string OnlyLatest =
        "AND e.position = (SELECT max(l.position) FROM evidence l WHERE l.model = e.model AND l.number = e.number)";

    private static List<(int Number, RecordedEvidence Entry)> Evidence(
        this DbConnection connection, string model, int first, int last, string only)
    {
        (string, object?)[] which = [("@model", model), ("@first", first), ("@last", last)];
        var metrics = connection.Named("metric", "value", only, which, row => row.GetDouble(3));
        var attachments = connection.Named("attachment", "hash", only, which, row => Hash(row, 3));
        return connection.Rows(
            $"""
            SELECT e.number, e.position, e.lineage_hash, e.evaluation_hash, e.gate, e.input_schema_hash, e.who,
                   e.recorded_utc
            FROM evidence e
            WHERE e.model = @model AND e.number BETWEEN @first AND @last {only}
            ORDER BY e.number, e.position
            """,
            row =>
            {
                var (number, position) = (row.GetInt32(0), row.GetInt32(1));
                var evidence = new Evidence(
                    Hash(row, 2), Hash(row, 3), Gate(row, 4), new(metrics[(number, position)]),
                    new(attachments[(number, position)]))
                {
                    InputSchemaHash = row.IsDBNull(5) ? null : Hash(row, 5),
                };
                return (number, new RecordedEvidence(position, evidence, row.GetString(6), Time(row, 7)));
            },
            which);
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

    // By version and place of the evidence that they are of.
    private static ILookup<(int Number, int Position), KeyValuePair<string, T>> Named<T>(
        this DbConnection connection,
        string table,
        string column,
        string only,
        (string, object?)[] which,
        Func<DbDataReader, T> value) =>
        connection.Rows(
            $"""
            SELECT v.number, v.evidence, v.name, v.{column}
            FROM {table} v
            JOIN evidence e ON e.model = v.model AND e.number = v.number AND e.position = v.evidence
            WHERE v.model = @model AND v.number BETWEEN @first AND @last {only}
            ORDER BY v.number, v.evidence, v.position
            """,
            row => (Of: (row.GetInt32(0), row.GetInt32(1)), Pair: KeyValuePair.Create(row.GetString(2), value(row))),
            which).ToLookup(named => named.Of, named => named.Pair);

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
