using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry, which are the same in every database but for the words of its SQL.</summary>
/// <remarks>All history, no state: what serves is the last deployment, the evidence that counts is the last one. Each
/// database has triggers that hold that against other programs too. Times are ISO 8601 with seven decimals, which sort
/// as text; no database has a type that keeps the ticks of .NET. The keys make a number or a position that was given
/// twice impossible, even to a writer that takes no lock.</remarks>
internal static class RegistryTables
{
    public const string AppendOnly = "the history of a registry is append-only";

    private const int SchemaVersion = 1;

    // Who has it is a registry, of whatever version.
    private const string VersionTable = "registry_schema";

    public static readonly string[] Histories = ["model_version", "evidence", "metric", "attachment", "deployment"];

    /// <param name="text">The type of texts that sort by their code points.</param>
    /// <param name="real">The type of 64-bit floating-point numbers.</param>
    /// <param name="end">What follows the bracket after the columns.</param>
    public static void Create(DbConnection connection, string text, string real, string end = "")
    {
        connection.Execute(
            $"""
            CREATE TABLE {VersionTable} (version INTEGER NOT NULL){end};

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
            """);
        connection.Execute($"INSERT INTO {VersionTable} VALUES (@version)", ("@version", SchemaVersion));
    }

    /// <summary>Whether a place with these tables is a registry that something was written to. One without any table is
    /// a registry that nothing was written to yet.</summary>
    /// <param name="registry">How messages begin: <c>Registry 'models.db'</c>.</param>
    /// <param name="foreign">The whole message about a place that is somebody else's.</param>
    /// <param name="another">What to use where a newer MLBuild wrote: <c>a registry file of your own</c>.</param>
    /// <exception cref="RegistryException">The place is somebody else's or a later version's.</exception>
    public static bool ArePresent(
        DbConnection connection, IReadOnlyCollection<string> tables, string registry, string foreign, string another)
    {
        if (tables.Count == 0)
            return false;
        if (!tables.Contains(VersionTable))
            throw new RegistryException(RegistryFault.NotARegistry, foreign);

        var versions = connection.Rows($"SELECT version FROM {VersionTable}", row => row.GetInt64(0));
        if (versions is not [var version])
            throw new FormatException(
                $"Table '{VersionTable}' has {versions.Count} rows, expected one with the version of the tables.");
        return version == SchemaVersion
            ? true
            : throw new RegistryException(
                RegistryFault.NewerSchema,
                $"{registry} has schema {version}, expected {SchemaVersion}. "
                + $"A newer MLBuild wrote it: use that one, or {another}.");
    }
}
