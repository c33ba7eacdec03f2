using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace MLBuild.Registry;

/// <summary>The database file of a registry in SQLite.</summary>
/// <remarks>
/// Journal: SQLite's default, the rollback journal. It survives a killed writer at any instant (the next one to open
/// the file rolls back), keeps all in one file that can be copied or mounted read-only, and needs no shared memory.
/// A write-ahead log would let readers pass a committing writer, which a few commits a day do not need, and costs
/// what a registry does need: readers must be able to write beside the file, and a copy without the log loses commits.
/// </remarks>
internal sealed class SqliteRegistryFile(string path, int busyTimeoutSeconds) : RegistryDatabase
{
    // Extended code of SQLITE_READONLY: a journal waits to be rolled back and this process may not.
    private const int ReadOnlyRollback = 776;

    // A missing or still empty file stays as it is.
    public override T Read<T>(T whenEmpty, Func<DbConnection, T> query, int since = 1) =>
        Translated(() =>
        {
            if (!Exists())
                return whenEmpty;

            // Not SqliteOpenMode.ReadOnly: such a connection cannot roll back what a killed writer left, and fails.
            // For a file that this user may not write, SQLite falls back to reading by itself.
            using var connection = Open(SqliteOpenMode.ReadWrite);
            using var snapshot = connection.BeginTransaction(deferred: true);
            return SqliteSchema.VersionOf(connection, path) >= since ? query(connection) : whenEmpty;
        });

    public override T Change<T>(Func<DbConnection, T> change) =>
        Translated(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var connection = Open(SqliteOpenMode.ReadWriteCreate);
            // A change that was reported as done also survives a power cut: EXTRA syncs the folder, too.
            connection.Execute("PRAGMA synchronous = EXTRA");
            // BEGIN IMMEDIATE: the lock comes before the first read, so nobody registers or deploys between the two.
            using var transaction = connection.BeginTransaction(deferred: false);
            var schema = SqliteSchema.VersionOf(connection, path);
            if (schema < RegistryTables.CurrentSchema)
                SqliteSchema.Upgrade(connection, schema);
            var result = change(connection);
            transaction.Commit();
            return result;
        });

    public override void Put(int since, Action<DbConnection> write) =>
        Translated(() =>
        {
            if (!Exists())
                return false;
            using var connection = Open(SqliteOpenMode.ReadWrite);
            // Before the lock: who has nothing to write keeps nobody waiting, and a schema never becomes older.
            if (SqliteSchema.VersionOf(connection, path) < since)
                return false;
            // With less, a power cut could damage the file. What it saves is a sync of the folder: until the next one
            // the journal may come back and take the last commit with it, but no other.
            connection.Execute("PRAGMA synchronous = FULL");
            using var transaction = connection.BeginTransaction(deferred: false);
            write(connection);
            transaction.Commit();
            return true;
        });

    // All of them are on this machine.
    public override DateTimeOffset Now(DbConnection connection, TimeProvider clock) => clock.GetUtcNow();

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            ForeignKeys = true,
            DefaultTimeout = busyTimeoutSeconds,
            // A pooled connection would keep reading a file that was replaced by a backup.
            Pooling = false,
        }.ToString());
        connection.Open();
        // SQLite's own waiting looks again after 1 to 100 ms; the provider's, which it precedes, every 150 ms.
        connection.Execute(FormattableString.Invariant($"PRAGMA busy_timeout = {busyTimeoutSeconds * 1000}"));
        return connection;
    }

    // File.Exists answers "no" where it may not look, and "nothing serves" must never come from a lack of permission.
    private bool Exists()
    {
        try
        {
            File.GetAttributes(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private T Translated<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw Translate(e);
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreachable(e);
        }
    }

    private Exception Translate(SqliteException e) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_BUSY => new RegistryException(
            RegistryFault.Busy,
            $"Registry '{path}' is busy: another process has been writing to it for {busyTimeoutSeconds} s. "
            + "Wait for that build or server, then run again.",
            e),
        SQLitePCL.raw.SQLITE_READONLY when e.SqliteExtendedErrorCode == ReadOnlyRollback => new RegistryException(
            RegistryFault.ReadOnly,
            $"Registry '{path}' was left half-written by a process that died, and is read-only here, so it cannot be "
            + "rolled back. Read it once where it may be written.",
            e),
        SQLitePCL.raw.SQLITE_READONLY => new RegistryException(
            RegistryFault.ReadOnly,
            $"Registry '{path}' was not changed: it or its folder is read-only. "
            + "Let this user write to both, or choose another file.",
            e),
        SQLitePCL.raw.SQLITE_FULL => new RegistryException(
            RegistryFault.DiskFull,
            $"Registry '{path}' was not changed: its disk is full. Free some space, then run again.",
            e),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged(e),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_PERM => Unreachable(e),
        _ => new InvalidOperationException($"BUG: registry '{path}' refused a command: {e.Message}", e),
    };

    private RegistryException Damaged(Exception e) => new(
        RegistryFault.Damaged,
        $"Registry '{path}' is damaged: {e.Message} It was not changed. Put a backup in its place, "
        + "or move it away and register the models again: ./build.sh Register.",
        e);

    private RegistryException Unreachable(Exception e) => new(
        RegistryFault.Unreachable,
        $"Registry '{path}' cannot be opened, read or written: {e.Message} "
        + "Check that its folder exists, that this user may write there and that the disk is sound.",
        e);
}
