using System.Buffers;
using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>Where a registry is: a file, for one machine, or a PostgreSQL database, for a team. Its text for people
/// never has a password.</summary>
public abstract record RegistryPlace
{
    private const string Example = "Host=db;Database=models;Username=ml";

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ");

    private RegistryPlace()
    {
    }

    /// <summary>Reads what <c>--registry</c> takes: the path of a file, or a connection string as Npgsql takes it. A
    /// text that begins with a word and <c>=</c> is a connection string; a file of such a name is
    /// <c>./word=…</c>.</summary>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: the text is neither.</exception>
    public static RegistryPlace Parse(string text, string folder)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Invalid($"The place of the registry is empty, expected the path of a file or {Example}.");
        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
            throw Invalid($"The place of the registry is a URI, expected the path of a file or {Example}.");
        return IsConnection(text) ? new PostgreSql(text) : new File(Path.GetFullPath(text, folder));
    }

    /// <summary>The registry there. Nothing is touched until it is asked.</summary>
    /// <param name="busyTimeoutSeconds">How long to wait for another writer, and for a server to answer; at least
    /// 1.</param>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: a connection string has a keyword
    /// or a value that Npgsql does not know.</exception>
    public abstract IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30);

    /// <summary>What <see cref="Parse"/> reads as this place; with its password, if it has one.</summary>
    public abstract string AsArgument();

    /// <summary>This place, for where all of it is kept or shown: recipes, logs, the list of processes.</summary>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: it has a password.</exception>
    public abstract RegistryPlace DemandNoPassword();

    private static bool IsConnection(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        return end > 0
            && !string.IsNullOrWhiteSpace(text[..end])
            && !text.AsSpan(0, end).ContainsAnyExcept(WordCharacters);
    }

    private static RegistryException Invalid(string message) => new(RegistryFault.InvalidPlace, message);

    /// <param name="Path">The full path of a SQLite database, which need not exist.</param>
    public sealed record File(string Path) : RegistryPlace
    {
        public override IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30) =>
            new SqliteModelRegistry(Path, clock, busyTimeoutSeconds);

        public override string AsArgument() => Path;

        public override RegistryPlace DemandNoPassword() => this;

        /// <summary><c>'/data/registry.db'</c>.</summary>
        public override string ToString() => $"'{Path}'";
    }

    /// <summary>A schema of a PostgreSQL database: the connection string's <c>Search Path</c>, or <c>mlbuild</c>. What
    /// the string leaves out comes from where Npgsql looks: the password from <c>PGPASSWORD</c> or
    /// <c>~/.pgpass</c>.</summary>
    public sealed record PostgreSql : RegistryPlace
    {
        private const int LongestName = 63;

        /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>. The message repeats nothing
        /// that could be a part of a password.</exception>
        public PostgreSql(string connection)
        {
            Connection = connection;
            DbConnectionStringBuilder settings;
            try
            {
                settings = Settings();
            }
            catch (ArgumentException)
            {
                throw Invalid(
                    $"The connection string of the registry cannot be read, expected {Example}. "
                    + "A value with ';' or quotes in it stands in quotes.");
            }
            string[] missing =
            [
                .. Value(settings, "Host", "Server") is null ? ["Host"] : Array.Empty<string>(),
                .. Value(settings, "Database", "DB") is null ? ["Database"] : Array.Empty<string>(),
            ];
            if (missing.Length > 0)
                throw Invalid(
                    $"The connection string of the registry names no {string.Join(" and no ", missing)}, "
                    + $"expected {Example}. A file of that name is written ./NAME.");
            if (!IsSchema(Schema()))
                throw Invalid(
                    $"The Search Path of the registry is '{Schema()}', expected one schema: "
                    + $"1 to {LongestName} of a-z, 0-9 and '_', starting with a letter or '_', not with 'pg_'.");
        }

        /// <summary>The text as it was given; it may have a password.</summary>
        public string Connection { get; }

        public override IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30) =>
            new PostgreSqlModelRegistry(this, clock, busyTimeoutSeconds);

        public override string AsArgument() => Connection;

        public override RegistryPlace DemandNoPassword() => HasPassword()
            ? throw Invalid(
                $"The registry {this} is given with a password, which recipes, logs and the list of processes would "
                + "show. Leave it out, and set PGPASSWORD or write it to ~/.pgpass.")
            : this;

        /// <summary><c>in PostgreSQL database 'models' on db:5432</c>.</summary>
        public override string ToString()
        {
            var settings = Settings();
            var host = Value(settings, "Host", "Server");
            // Several hosts may have a port each.
            var port = host?.Contains(',') == true ? Value(settings, "Port") : Value(settings, "Port") ?? "5432";
            return (Schema() == "mlbuild" ? "in " : $"in schema '{Schema()}' of ")
                + $"PostgreSQL database '{Value(settings, "Database", "DB")}' on {host}"
                + (port is null ? "" : $":{port}");
        }

        // Methods, because the properties of a place stand in the recipe of a stage that has it.
        internal string Schema() => Value(Settings(), "Search Path", "SearchPath") ?? "mlbuild";

        internal bool HasPassword() =>
            Value(Settings(), "Password", "PSW", "PWD", "SSL Password", "SslPassword") is not null;

        // Npgsql's own reading of the text starts from this class, too; it stays out of programs that do not need it.
        internal DbConnectionStringBuilder Settings() => new() { ConnectionString = Connection };

        /// <param name="names">What Npgsql calls the setting, and what else it may be called.</param>
        internal static string? Value(DbConnectionStringBuilder settings, params string[] names) => names
            .Select(name => settings.TryGetValue(name, out var value) ? value as string : null)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));

        private static bool IsSchema(string name) =>
            name.Length <= LongestName
            && !char.IsAsciiDigit(name[0])
            && !name.StartsWith("pg_", StringComparison.Ordinal)
            && name.All(character =>
                char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');
    }
}
