namespace MLBuild.Registry;

/// <summary>A model registry in a PostgreSQL database, for the machines of a team.</summary>
public sealed class PostgreSqlModelRegistry : SqlModelRegistry
{
    /// <param name="busyTimeoutSeconds">How long to wait for another writer, and for the server to answer; 1 to 1,000.
    /// </param>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: the connection string has a
    /// keyword or a value that Npgsql does not know.</exception>
    public PostgreSqlModelRegistry(
        RegistryPlace.PostgreSql place, TimeProvider clock, int busyTimeoutSeconds = 30)
        : base(DatabaseAt(place, busyTimeoutSeconds), clock)
    {
    }

    private static PostgreSqlDatabase DatabaseAt(RegistryPlace.PostgreSql place, int busyTimeoutSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(busyTimeoutSeconds, 1);
        // Npgsql waits no longer for a connection.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(busyTimeoutSeconds, 1000);
        return new(place, busyTimeoutSeconds);
    }
}
