using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry, which are the same in every database but for the words of its SQL.</summary>
/// <remarks>All history, no state, but for what servers report of themselves: what serves is the last deployment, the
/// evidence that counts is the last one. Each database has triggers that hold that against other programs too. Times
/// are ISO 8601 with seven decimals, which sort as text; no database has a type that keeps the ticks of .NET. The keys
/// make a number or a position that was given twice impossible, even to a writer that takes no lock. A schema grows by
/// a step each: a new registry takes all of them, an older one those that it lacks, so both end with the same tables. A
/// step that was released never changes.</remarks>
internal static class RegistryTables
{
    public const string AppendOnly = "the history of a registry is append-only";

    /// <summary>The schema that this program writes.</summary>
    public const int CurrentSchema = 3;

    /// <summary>The first schema in which versions can be annotated.</summary>
    public const int AnnotationSchema = 2;

    /// <summary>The first schema in which a version can be rolled out step by step, and servers report.</summary>
    public const int RolloutSchema = 3;

    /// <summary>What servers say now: the one table whose rows change and go.</summary>
    public const string Reports = "server_report";

    // Who has it is a registry, of whatever version.
    private const string VersionTable = "registry_schema";

    /// <summary>Adds the tables that a registry of an older schema lacks, and says that it has them.</summary>
    /// <param name="from">The schema that is there; 0 for none.</param>
    /// <param name="protect">Makes a table refuse changes of its rows; called for each new history.</param>
    public static void Upgrade(DbConnection connection, int from, SqlWords words, Action<string> protect)
    {
        if (from == 0)
            connection.Execute(
                $"""
                CREATE TABLE {VersionTable} (version INTEGER NOT NULL){words.End};
                INSERT INTO {VersionTable} VALUES (0)
                """);
        for (var schema = from + 1; schema <= CurrentSchema; schema++)
        {
            connection.Execute(Step(schema, words));
            foreach (var table in Histories(schema))
                protect(table);
        }
        connection.Execute($"UPDATE {VersionTable} SET version = @version", ("@version", CurrentSchema));
    }

    private static string[] Histories(int schema) => schema switch
    {
        1 => ["model_version", "evidence", "metric", "attachment", "deployment"],
        2 => ["annotation"],
        // Not the reports.
        3 => ["rollout"],
        _ => throw Unknown(schema),
    };

    private static string Step(int schema, SqlWords words)
    {
        var (text, real, end) = words;
        return schema switch
        {
            1 =>
            $"""
            CREATE TABLE model_version (
                model       {text}  NOT NULL,
                number      INTEGER NOT NULL CHECK (number >= 1),
                model_hash  {text}  NOT NULL,
                created_utc {text}  NOT NULL,
                PRIMARY KEY (model, number),
                UNIQUE (model, model_hash)
            ){end};

            CREATE TABLE evidence (
                model             {text}  NOT NULL,
                number            INTEGER NOT NULL,
                position          INTEGER NOT NULL CHECK (position >= 1),
                lineage_hash      {text}  NOT NULL,
                evaluation_hash   {text}  NOT NULL,
                input_schema_hash {text},
                gate              {text}  NOT NULL CHECK (gate IN ('Passed', 'Failed', 'Inconclusive')),
                who               {text}  NOT NULL,
                recorded_utc      {text}  NOT NULL,
                PRIMARY KEY (model, number, position),
                FOREIGN KEY (model, number) REFERENCES model_version
            ){end};

            CREATE TABLE metric (
                model    {text}  NOT NULL,
                number   INTEGER NOT NULL,
                evidence INTEGER NOT NULL,
                position INTEGER NOT NULL,
                name     {text}  NOT NULL,
                value    {real}  NOT NULL,
                PRIMARY KEY (model, number, evidence, position),
                UNIQUE (model, number, evidence, name),
                FOREIGN KEY (model, number, evidence) REFERENCES evidence
            ){end};

            CREATE TABLE attachment (
                model    {text}  NOT NULL,
                number   INTEGER NOT NULL,
                evidence INTEGER NOT NULL,
                position INTEGER NOT NULL,
                name     {text}  NOT NULL,
                hash     {text}  NOT NULL,
                PRIMARY KEY (model, number, evidence, position),
                UNIQUE (model, number, evidence, name),
                FOREIGN KEY (model, number, evidence) REFERENCES evidence
            ){end};

            CREATE TABLE deployment (
                model         {text}  NOT NULL,
                environment   {text}  NOT NULL,
                position      INTEGER NOT NULL CHECK (position >= 1),
                from_number   INTEGER,
                to_number     INTEGER NOT NULL,
                evidence      INTEGER NOT NULL,
                who           {text}  NOT NULL,
                why           {text}  NOT NULL,
                forced_reason {text},
                deployed_utc  {text}  NOT NULL,
                PRIMARY KEY (model, environment, position),
                FOREIGN KEY (model, from_number) REFERENCES model_version,
                FOREIGN KEY (model, to_number, evidence) REFERENCES evidence (model, number, position)
            ){end};
            """,

            2 =>
            $"""
            CREATE TABLE annotation (
                model        {text}  NOT NULL,
                position     INTEGER NOT NULL CHECK (position >= 1),
                number       INTEGER NOT NULL,
                kind         {text}  NOT NULL CHECK (kind IN ('Note', 'Tag', 'Untag', 'Archive', 'Unarchive')),
                content      {text}  NOT NULL,
                who          {text}  NOT NULL,
                recorded_utc {text}  NOT NULL,
                PRIMARY KEY (model, position),
                FOREIGN KEY (model, number) REFERENCES model_version
            ){end};
            """,

            3 =>
            $"""
            CREATE TABLE rollout (
                model         {text}  NOT NULL,
                environment   {text}  NOT NULL,
                position      INTEGER NOT NULL CHECK (position >= 1),
                change        {text}  NOT NULL CHECK (change IN ('Started', 'Shared', 'Promoted', 'RolledBack')),
                candidate     INTEGER NOT NULL,
                champion      INTEGER NOT NULL,
                strategy      {text}  NOT NULL CHECK (strategy IN ('Canary', 'BlueGreen', 'Shadow')),
                share_percent INTEGER NOT NULL CHECK (share_percent BETWEEN 0 AND 100),
                forced_reason {text},
                who           {text}  NOT NULL,
                why           {text}  NOT NULL,
                recorded_utc  {text}  NOT NULL,
                PRIMARY KEY (model, environment, position),
                FOREIGN KEY (model, candidate) REFERENCES model_version,
                FOREIGN KEY (model, champion) REFERENCES model_version
            ){end};

            CREATE TABLE {Reports} (
                model        {text}  NOT NULL,
                environment  {text}  NOT NULL,
                server       {text}  NOT NULL,
                content      {text}  NOT NULL,
                reported_utc {text}  NOT NULL,
                PRIMARY KEY (model, environment, server)
            ){end};
            """,

            _ => throw Unknown(schema),
        };
    }

    private static InvalidOperationException Unknown(int schema) => new($"BUG: no step leads to schema {schema}.");

    /// <summary>The schema of a place with these tables; 0 for one without any, to which nothing was written
    /// yet.</summary>
    /// <param name="registry">How messages begin: <c>Registry 'models.db'</c>.</param>
    /// <param name="foreign">The whole message about a place that is somebody else's.</param>
    /// <param name="another">What to use where a newer MLBuild wrote: <c>a registry file of your own</c>.</param>
    /// <exception cref="RegistryException">The place is somebody else's or a later version's.</exception>
    public static int SchemaOf(
        DbConnection connection, IReadOnlyCollection<string> tables, string registry, string foreign, string another)
    {
        if (tables.Count == 0)
            return 0;
        if (!tables.Contains(VersionTable))
            throw new RegistryException(RegistryFault.NotARegistry, foreign);

        var versions = connection.Rows($"SELECT version FROM {VersionTable}", row => row.GetInt64(0));
        return versions switch
        {
            [> CurrentSchema and var newer] => throw new RegistryException(
                RegistryFault.NewerSchema,
                FormattableString.Invariant($"{registry} has schema {newer}, expected {CurrentSchema} or older. ")
                + $"A newer MLBuild wrote it: use that one, or {another}."),
            [>= 1 and var schema] => (int)schema,
            [var other] => throw new FormatException(
                FormattableString.Invariant($"Table '{VersionTable}' says schema {other}, expected 1 or more.")),
            _ => throw new FormatException(
                $"Table '{VersionTable}' has {versions.Count} rows, expected one with the version of the tables."),
        };
    }
}

/// <summary>What one database's SQL calls differently.</summary>
/// <param name="Text">The type of texts that sort by their code points.</param>
/// <param name="Real">The type of 64-bit floating-point numbers.</param>
/// <param name="End">What follows the bracket after the columns.</param>
internal sealed record SqlWords(string Text, string Real, string End);
