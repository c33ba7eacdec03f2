using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace MLBuild.Registry;

/// <summary>What a registry was doing in PostgreSQL when something went wrong.</summary>
internal enum PostgreSqlWork
{
    Reading,
    Changing,

    /// <summary>The tables of an older schema are brought up to date, before a change.</summary>
    Upgrading,

    /// <summary>The change was sent, and its answer decides whether it was made.</summary>
    Committing,

    /// <summary>What a server says of itself takes the place of what it said before.</summary>
    Reporting,
}

/// <summary>PostgreSQL's faults in the words of <see cref="RegistryException"/>.</summary>
internal sealed class PostgreSqlFaults(RegistryPlace.PostgreSql place, string? user, int busyTimeoutSeconds)
{
    private const string MayPass = "This may pass: run the same command again.";

    private readonly string _registry = $"Registry {place}";

    // Npgsql takes the system's user where neither the text nor PGUSER names one.
    private readonly string _user = user ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;

    /// <summary>Whether an exception is one of the server or of the way to it.</summary>
    public static bool AreOf(Exception e) =>
        e is DbException or SocketException or IOException or TimeoutException or AuthenticationException;

    public Exception Of(Exception e, PostgreSqlWork work) =>
        e is PostgresException answer ? Answered(answer, work) : Unanswered(e, work);

    public RegistryException Damaged(string says, Exception e) => New(
        RegistryFault.Damaged,
        $"is damaged: {says.TrimEnd('.')}. It was not changed. Restore the schema from a backup, or drop it and "
        + "register the models again: ./build.sh Register.",
        e);

    private Exception Answered(PostgresException e, PostgreSqlWork work)
    {
        var says = $"{e.MessageText} ({e.SqlState})";
        return e.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword => New(
                RegistryFault.Denied,
                $"cannot be opened: the server refuses the password of user '{_user}'. Correct PGPASSWORD, ~/.pgpass "
                + "or the Password of the connection string, whichever has it.",
                e),
            PostgresErrorCodes.InvalidAuthorizationSpecification => New(
                RegistryFault.Denied,
                $"cannot be opened: the server does not let user '{_user}' in: {says}. Correct Username, or have the "
                + "server's pg_hba.conf admit this user from this machine.",
                e),
            PostgresErrorCodes.InvalidCatalogName => New(
                RegistryFault.Unreachable,
                "cannot be opened: the server has no such database. Correct Database, or create it: createdb.",
                e),
            PostgresErrorCodes.InsufficientPrivilege => Forbidden(says, work, e),
            PostgresErrorCodes.ReadOnlySqlTransaction => New(
                RegistryFault.ReadOnly,
                $"was not changed: {says}. Name the primary server, or a user whose transactions may write.",
                e),
            PostgresErrorCodes.DiskFull => New(
                RegistryFault.DiskFull,
                "was not changed: its server's disk is full. Free some space, then run again.",
                e),
            PostgresErrorCodes.LockNotAvailable => New(
                RegistryFault.Busy,
                FormattableString.Invariant(
                    $"is busy: another process has been writing to it for {busyTimeoutSeconds} s. ")
                + "Wait for that build or server, then run again.",
                e),
            // Of two that took no part in our lock, the keys let one through.
            PostgresErrorCodes.UniqueViolation
                or PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.DeadlockDetected => New(
                    RegistryFault.Busy,
                    $"was not changed: another program wrote to it in the same moment: {says}. Run again.",
                    e),
            PostgresErrorCodes.QueryCanceled => New(
                RegistryFault.Unreachable,
                $"did not finish: {says}. Raise the statement_timeout of user '{_user}'.",
                e),
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow => New(
                RegistryFault.Unreachable,
                $"cannot be opened: the server takes no connection at the moment: {says}. {MayPass}",
                e),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
                or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => Damaged(says, e),
            // 57P: the server or this session is shut down; 25P03: the session, as it was silent for too long; 08: the
            // connection failed.
            { } state when state.StartsWith("57P", StringComparison.Ordinal)
                || state.StartsWith("08", StringComparison.Ordinal)
                || state == "25P03" => Lost(says, work, e),
            // 53: out of memory; 58: its disk or files; XX: the server's own mistake.
            { } state when state.StartsWith("53", StringComparison.Ordinal)
                || state.StartsWith("58", StringComparison.Ordinal)
                || state.StartsWith("XX", StringComparison.Ordinal) => New(
                    RegistryFault.Unreachable, $"cannot be used: {says}. {MayPass}", e),
            _ => new InvalidOperationException($"BUG: registry {place} refused a command: {says}", e),
        };
    }

    private RegistryException Forbidden(string says, PostgreSqlWork work, Exception e)
    {
        var schema = place.Schema();
        return work switch
        {
            PostgreSqlWork.Reading => New(
                RegistryFault.Denied,
                $"was not read: user '{_user}' may not: {says}. Have its owner run: "
                + $"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO \"{_user}\".",
                e),
            PostgreSqlWork.Upgrading => New(
                RegistryFault.ReadOnly,
                $"was not changed: an older MLBuild made its tables, and user '{_user}' may not bring them up to date: "
                + $"{says}. Have its owner run any command that writes to it once, such as ./build.sh Register.",
                e),
            PostgreSqlWork.Reporting => New(
                RegistryFault.ReadOnly,
                $"takes no reports: user '{_user}' may not: {says}. Have its owner run: GRANT "
                + $"{PostgreSqlSchema.RightsOnReports} ON {schema}.{RegistryTables.Reports} TO \"{_user}\".",
                e),
            _ => New(
                RegistryFault.ReadOnly,
                $"was not changed: user '{_user}' may not: {says}. Have its owner run: "
                + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO \"{_user}\"; or, where it is not there "
                + $"yet: CREATE SCHEMA {schema} AUTHORIZATION \"{_user}\".",
                e),
        };
    }

    private RegistryException Unanswered(Exception e, PostgreSqlWork work)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return New(
                        RegistryFault.Unreachable, "cannot be reached: there is no such host. Correct Host.", e);
                case SocketException { SocketErrorCode: SocketError.TryAgain }:
                    return New(
                        RegistryFault.Unreachable,
                        $"cannot be reached: the name server does not answer for that host. {MayPass}",
                        e);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return New(
                        RegistryFault.Unreachable,
                        "cannot be reached: nothing listens there. Start the server, or correct Host and Port.",
                        e);
                case AuthenticationException:
                    return New(
                        RegistryFault.Unreachable,
                        $"is not trusted: {cause.Message.TrimEnd('.')}. Have its certificate signed by an authority "
                        + "that this machine trusts and name the host, or choose another SSL Mode.",
                        e);
                case TimeoutException:
                    return New(
                        RegistryFault.Unreachable,
                        "does not answer in time. Correct Host and Port, or look for a firewall between. " + MayPass,
                        e);
                case SocketException or IOException:
                    return Lost(cause.Message.TrimEnd('.'), work, e);
            }
        }
        // Npgsql has no code for these.
        if (e.Message.Contains("password", StringComparison.OrdinalIgnoreCase))
            return New(
                RegistryFault.Denied,
                $"cannot be opened: the server asks for the password of user '{_user}', and nothing gives one. "
                + "Set PGPASSWORD, or write it to ~/.pgpass.",
                e);
        if (e.Message.Contains("SSL", StringComparison.Ordinal))
            return New(
                RegistryFault.Unreachable,
                "cannot be opened: the server does not encrypt, and the connection string asks for it. Set ssl = on "
                + "in its postgresql.conf, or choose another SSL Mode.",
                e);
        return New(RegistryFault.Unreachable, $"cannot be used: {e.Message.TrimEnd('.')}. {MayPass}", e);
    }

    private RegistryException Lost(string why, PostgreSqlWork work, Exception e) => New(
        RegistryFault.Unreachable,
        work == PostgreSqlWork.Committing
            ? $"lost the connection while a change was committed: {why}. It may have been made or not. "
            + "Run the same command again: doing it twice is doing it once."
            : $"lost the connection: {why}. Nothing was changed. {MayPass}",
        e);

    private RegistryException New(RegistryFault fault, string what, Exception e) =>
        new(fault, $"{_registry} {what}", e);
}
