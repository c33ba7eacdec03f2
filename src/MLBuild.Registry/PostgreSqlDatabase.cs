using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace MLBuild.Registry;

/// <summary>A registry's schema in a PostgreSQL database.</summary>
/// <remarks>
/// Writers take one lock before their first read, as they do in SQLite, so what a change reads is what its writes go
/// on top of: compare-and-set is true whatever the level of isolation, and nobody has to be told to try again. The lock
/// is an advisory one of the transaction. It is there before the tables are, so that it also settles who creates them;
/// it asks for no right to change rows, which a history gives nobody; the server drops it with the connection of a
/// killed writer; readers never wait for it. Serializable transactions instead would abort each other under load, also
/// those of different models, as small tables are one page; locked rows need a row that may be changed.
/// The keys of the tables stay what makes a version or position that exists twice impossible.
/// Every setting is the transaction's own, so that a connection pooler may stand between.
/// </remarks>
internal sealed class PostgreSqlDatabase : RegistryDatabase
{
    private readonly RegistryPlace.PostgreSql _place;
    private readonly int _busyTimeoutSeconds;
    private readonly string _connection;
    private readonly PostgreSqlFaults _faults;

    public PostgreSqlDatabase(RegistryPlace.PostgreSql place, int busyTimeoutSeconds)
    {
        (_place, _busyTimeoutSeconds) = (place, busyTimeoutSeconds);
        var settings = PostgreSqlSettings.Of(place, busyTimeoutSeconds);
        _connection = settings.ToString();
        _faults = new(place, settings.Username, busyTimeoutSeconds);
    }

    public override T Read<T>(T whenEmpty, Func<DbConnection, T> query, int since = 1) =>
        Translated(PostgreSqlWork.Reading, _ =>
        {
            using var connection = Open();
            using var snapshot = connection.BeginTransaction(IsolationLevel.RepeatableRead);
            connection.Execute($"SET TRANSACTION READ ONLY; {Schema}");
            return PostgreSqlSchema.VersionOf(connection, _place) >= since ? query(connection) : whenEmpty;
        });

    public override T Change<T>(Func<DbConnection, T> change) =>
        Translated(PostgreSqlWork.Changing, enter =>
        {
            using var connection = Open();
            // Each statement sees what was committed before it, so those after the lock see the writer before.
            using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
            connection.Execute($"{Schema}; {NotForever}; {Patience}; {OnDisk}; {Lock}");
            var schema = PostgreSqlSchema.VersionOf(connection, _place);
            if (schema < RegistryTables.CurrentSchema)
            {
                enter(schema == 0 ? PostgreSqlWork.Changing : PostgreSqlWork.Upgrading);
                PostgreSqlSchema.Upgrade(connection, _place.Schema(), schema);
                enter(PostgreSqlWork.Changing);
            }
            var result = change(connection);
            enter(PostgreSqlWork.Committing);
            transaction.Commit();
            return result;
        });

    public override void Put(int since, Action<DbConnection> write) =>
        Translated(PostgreSqlWork.Reporting, _ =>
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
            connection.Execute($"{Schema}; {NotForever}");
            if (PostgreSqlSchema.VersionOf(connection, _place) < since)
                return false;
            connection.Execute($"{Patience}; SET LOCAL synchronous_commit = off; {Lock}");
            write(connection);
            transaction.Commit();
            return true;
        });

    // Not now(), which is when the transaction began: it may have waited for the lock.
    public override DateTimeOffset Now(DbConnection connection, TimeProvider clock) => connection.Rows(
        "SELECT clock_timestamp()", row => new DateTimeOffset(row.GetDateTime(0))).Single();

    // Of a machine that is gone the server hears nothing, for hours; a change is never silent for long.
    private const string NotForever = "SET LOCAL idle_in_transaction_session_timeout = '60s'";

    // A server may be set to answer before it has written; more careful settings than "on" stay.
    private const string OnDisk =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    private string Patience =>
        FormattableString.Invariant($"SET LOCAL lock_timeout = '{_busyTimeoutSeconds}s'");

    private string Schema => $"SET LOCAL search_path TO \"{_place.Schema()}\"";

    private string Lock => FormattableString.Invariant($"SELECT pg_advisory_xact_lock({LockKey(_place.Schema())})");

    /// <summary>The key of a schema's lock among all advisory locks of its database: the first 8 bytes of a
    /// SHA-256.</summary>
    internal static long LockKey(string schema) => BinaryPrimitives.ReadInt64BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"MLBuild registry {schema}")));

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private T Translated<T>(PostgreSqlWork work, Func<Action<PostgreSqlWork>, T> act)
    {
        try
        {
            return act(next => work = next);
        }
        catch (FormatException e)
        {
            throw _faults.Damaged(e.Message, e);
        }
        catch (Exception e) when (PostgreSqlFaults.AreOf(e))
        {
            throw _faults.Of(e, work);
        }
    }
}
