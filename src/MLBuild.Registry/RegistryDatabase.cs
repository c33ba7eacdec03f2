using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The database that a registry is in: one connection and one transaction per call, and the database's errors
/// in the words of <see cref="RegistryException"/>.</summary>
internal abstract class RegistryDatabase
{
    /// <summary>Reads one consistent state. Where nothing was ever registered it gives <paramref name="whenEmpty"/> and
    /// leaves the place as it is.</summary>
    public abstract T Read<T>(T whenEmpty, Func<DbConnection, T> query);

    /// <summary>Reads and writes as the only writer, all or nothing, and returns when it is on disk. Creates the tables
    /// when needed; a refusal by <paramref name="change"/> (an exception) writes nothing.</summary>
    public abstract T Change<T>(Func<DbConnection, T> change);
}
