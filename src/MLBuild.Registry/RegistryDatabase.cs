using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The database that a registry is in: one connection and one transaction per call, and the database's errors
/// in the words of <see cref="RegistryException"/>.</summary>
internal abstract class RegistryDatabase
{
    /// <summary>Reads one consistent state, and leaves the place as it is: also who may not write reads, whatever the
    /// schema.</summary>
    /// <param name="whenEmpty">The answer where nothing was ever written that the query could find.</param>
    /// <param name="since">The first schema that has what the query asks for.</param>
    public abstract T Read<T>(T whenEmpty, Func<DbConnection, T> query, int since = 1);

    /// <summary>Reads and writes as the only writer, all or nothing, and returns when it is on disk. Creates the tables
    /// when needed, and brings those of an older schema up to date in the same transaction; a refusal by
    /// <paramref name="change"/> (an exception) writes nothing.</summary>
    public abstract T Change<T>(Func<DbConnection, T> change);

    /// <summary>Writes state which whoever wrote it writes again soon: all or nothing, as the only writer, but without
    /// waiting for the disk, so that a power cut may take the last of it back. It harms nothing else that is written.
    /// A place of an older schema, or without tables, stays as it is.</summary>
    /// <param name="since">The first schema that has what is written.</param>
    public abstract void Put(int since, Action<DbConnection> write);

    /// <summary>What time it is for all who use the place.</summary>
    /// <param name="clock">This machine's.</param>
    public abstract DateTimeOffset Now(DbConnection connection, TimeProvider clock);
}
