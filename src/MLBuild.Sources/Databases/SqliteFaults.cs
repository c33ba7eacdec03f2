using Microsoft.Data.Sqlite;
using SQLitePCL;
using static MLBuild.Sources.SourceFaultException;

namespace MLBuild.Sources.Databases;

/// <summary>SQLite's faults in the words of <see cref="SourceFaultException"/>: what failed, and what to do.</summary>
internal static class SqliteFaults
{
    public static UnreachableSourceException Absent(DatabaseOptions options) =>
        new($"{options.Place} does not exist, or is a folder. Correct Path.");

    public static SourceFaultException Of(
        SqliteException e, DatabaseOptions options, TimeSpan patience, long rows)
    {
        var place = options.Place;
        return e.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new UnreachableSourceException(
                FormattableString.Invariant(
                    $"{place} is locked: another process has been writing to it for {patience.TotalSeconds} s. ")
                + MayPass, e),
            raw.SQLITE_NOTADB => new SourceSchemaException(
                $"{place} is not an SQLite database: it is something else, or encrypted. Correct Path.", e),
            raw.SQLITE_CORRUPT => new LostSourceDataException(FormattableString.Invariant(
                $"{place} is damaged: after {rows} rows of {options.Content}, {Says(e)}. Put a backup ")
                + "in its place, or rescue what is left: sqlite3 FILE .recover", e),
            // A journal waits to be rolled back, or a log needs its index, and this process may not write there.
            raw.SQLITE_READONLY => new DeniedSourceException(
                $"{place} was left by a writer that died, and can be read again only after it is opened by a program "
                + "that may write there: sqlite3 FILE 'select count(*) from sqlite_schema'", e),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new DeniedSourceException(
                $"{place} cannot be opened: {Says(e)}. Let this user read it, and in write-ahead mode write in its "
                + "folder, where SQLite keeps the index of the log.", e),
            raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_NOMEM => new UnreachableSourceException(
                $"{place} cannot be read: {Says(e)}. Look at its disk, and at the temporary folder, where SQLite "
                + "sorts.",
                e),
            _ => new SourceSchemaException(
                $"{place}, {options.Content} cannot be read: {Says(e)}. Correct the query or what it reads.", e),
        };
    }

    // "SQLite Error 1: 'no such table: trip'."
    private static string Says(SqliteException e) =>
        e.Message.IndexOf('\'') is >= 0 and var from && e.Message.LastIndexOf('\'') is var to && to > from
            ? e.Message[(from + 1)..to]
            : e.Message.TrimEnd('.');
}
