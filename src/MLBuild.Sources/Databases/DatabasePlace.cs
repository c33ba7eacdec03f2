using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Databases;

/// <summary>Which database to read. It holds no secret. Where it is and who asks is in the recipe, because nothing else
/// tells databases apart: a copy of it may have as many rows up to the same mark, and a view may show each user other
/// ones.</summary>
public abstract record DatabasePlace
{
    private DatabasePlace()
    {
    }

    /// <summary>A database of a PostgreSQL server, version 12 or later.</summary>
    /// <param name="Host">A name, an address, or the folder of a Unix socket.</param>
    /// <param name="Database">The name of the database.</param>
    /// <param name="User">Needs the right to SELECT and no other.</param>
    public sealed record PostgreSql(string Host, string Database, string User) : DatabasePlace
    {
        /// <summary>1 to 65535, default 5432.</summary>
        public int Port { get; init; } = 5432;

        /// <summary>The name of the secret that holds the user's password, as declared by the stage with WithSecret.
        /// Null, the default, for a server that asks for none. Not in the recipe: it changes no row.</summary>
        [NotAnInput]
        public string? PasswordSecret { get; init; }

        /// <summary>Default <see cref="DatabaseEncryption.Prefer"/>. Not in the recipe: it changes no row.</summary>
        [NotAnInput]
        public DatabaseEncryption Encryption { get; init; } = DatabaseEncryption.Prefer;

        public override string ToString() =>
            FormattableString.Invariant($"PostgreSQL database '{Database}' on {Host}:{Port}");
    }

    /// <summary>An SQLite file. It is opened read-only; in write-ahead mode SQLite needs to write its <c>-shm</c> file
    /// beside it.</summary>
    /// <param name="Path">Of the file. Relative to the folder of the process where it is not absolute.</param>
    public sealed record Sqlite(string Path) : DatabasePlace
    {
        public override string ToString() => $"SQLite file '{Path}'";
    }
}

/// <summary>Whether the way to a PostgreSQL server is encrypted.</summary>
public enum DatabaseEncryption
{
    /// <summary>If the server can. Whoever can change what is sent can prevent it.</summary>
    Prefer,

    /// <summary>Never: for a server on this machine.</summary>
    Off,

    /// <summary>Always; the server's certificate is not looked at.</summary>
    Require,

    /// <summary>Always, and the server's certificate must be trusted by this machine and name the host.</summary>
    VerifyFull,
}
