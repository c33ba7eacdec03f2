using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using static MLBuild.Sources.SourceFaultException;

namespace MLBuild.Sources.Databases;

/// <summary>PostgreSQL's faults in the words of <see cref="SourceFaultException"/>: what failed, and what to do.
/// </summary>
internal static class PostgreSqlFaults
{
    /// <param name="rows">How many had been read.</param>
    /// <param name="isDescribed">True once the query's columns are known.</param>
    public static SourceFaultException Of(
        DbException e, DatabaseOptions options, DatabasePlace.PostgreSql server, long rows, bool isDescribed) =>
        e is PostgresException known
            ? Answered(known, options, server, rows, isDescribed)
            : Unanswered(e, options, server, rows);

    private static SourceFaultException Answered(
        PostgresException e, DatabaseOptions options, DatabasePlace.PostgreSql server, long rows, bool isDescribed)
    {
        var where = $"{server}, {options.Content}";
        var says = $"{e.MessageText} ({e.SqlState})";
        return e.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword => new DeniedSourceException(
                $"{server} refuses the password of user '{server.User}'. "
                + (server.PasswordSecret is { } secret
                    ? $"Correct the secret '{secret}'."
                    : "The options name no PasswordSecret: name one, and declare it with WithSecret."), e),
            PostgresErrorCodes.InvalidAuthorizationSpecification => new DeniedSourceException(
                $"{server} does not let user '{server.User}' in: {says}. Correct User, or have the server's "
                + "pg_hba.conf admit this user from this machine.", e),
            PostgresErrorCodes.InvalidCatalogName => new SourceSchemaException(
                $"{server} does not exist, while the server does. Correct Database.", e),
            PostgresErrorCodes.InsufficientPrivilege => new DeniedSourceException(
                $"{where}: user '{server.User}' may not read it: {says}. "
                + (options.Content is DatabaseContent.Table table
                    ? $"Have its owner run: GRANT SELECT ON \"{table.Schema ?? "public"}\".\"{table.Name}\" "
                        + $"TO \"{server.User}\"; and GRANT USAGE on its schema if it is not public."
                    : $"Have the owner of what it reads run GRANT SELECT for \"{server.User}\"."), e),
            PostgresErrorCodes.QueryCanceled => new UnreachableSourceException(
                $"{where}: the server gave up: {says}. Raise the statement_timeout of user '{server.User}', read "
                + $"narrower slices, or give the high-water column an index.", e),
            PostgresErrorCodes.LockNotAvailable => new UnreachableSourceException(
                $"{where} stays locked by another session, such as an ALTER TABLE: {says}. {MayPass}", e),
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.CannotConnectNow =>
                new UnreachableSourceException($"{server} takes no connection at the moment: {says}. {MayPass}", e),
            // 57P: the server or this session is shut down; 08: the connection failed.
            { } state when state.StartsWith("57P", StringComparison.Ordinal)
                || state.StartsWith("08", StringComparison.Ordinal) => Lost(says, options, server, rows, e),
            // 40: a conflict with others, as on a standby that replays; 53: out of memory, disk or connections.
            { } state when state.StartsWith("40", StringComparison.Ordinal)
                || state.StartsWith("53", StringComparison.Ordinal) => new UnreachableSourceException(
                    $"{where} could not be read to the end: {says}. {MayPass}", e),
            // 42: names and syntax; 22: a value that an expression cannot take.
            { } state when state.StartsWith("42", StringComparison.Ordinal)
                || state.StartsWith("22", StringComparison.Ordinal) => new SourceSchemaException(
                    $"{where} cannot be read: {says}{(isDescribed ? "" : Position(e, options))}."
                    + $"{(e.Hint is null ? "" : $" {e.Hint}")} Correct the query or what it reads.", e),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new LostSourceDataException(
                $"{where} is damaged in the server: {says}. Have it restored from a backup.", e),
            _ => new UnreachableSourceException($"{where} cannot be read: {says}.", e),
        };
    }

    private static SourceFaultException Unanswered(
        DbException e, DatabaseOptions options, DatabasePlace.PostgreSql server, long rows)
    {
        for (var cause = e.InnerException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return new UnreachableSourceException(
                        $"{server} cannot be reached: there is no host '{server.Host}'. Correct Host.", e);
                case SocketException { SocketErrorCode: SocketError.TryAgain }:
                    return new UnreachableSourceException(
                        $"{server} cannot be reached: the name server does not answer for '{server.Host}'. "
                        + MayPass, e);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new UnreachableSourceException(
                        $"{server} refuses connections: nothing listens there. Start the server, or correct Host and "
                        + $"Port. {MayPass}", e);
                case AuthenticationException tls:
                    return new UnreachableSourceException(
                        $"{server} is not trusted: {tls.Message.TrimEnd('.')}. Have its certificate signed by an "
                        + "authority that this machine trusts and name the host, or choose another Encryption.", e);
                case TimeoutException:
                    return new UnreachableSourceException(
                        $"{server} does not answer in time. Correct Host and Port, or look for a firewall between. "
                        + MayPass, e);
                case SocketException or IOException:
                    return Lost(cause.Message.TrimEnd('.'), options, server, rows, e);
            }
        }
        // Npgsql has no code for these.
        if (e.Message.Contains("password", StringComparison.OrdinalIgnoreCase))
            return new DeniedSourceException(
                $"{server} asks for the password of user '{server.User}', and the options name no PasswordSecret. Name "
                + "one, and declare it with WithSecret.", e);
        if (e.Message.Contains("SSL", StringComparison.Ordinal))
            return new UnreachableSourceException(
                $"{server} does not encrypt, and Encryption is {server.Encryption}. Set ssl = on in its "
                + "postgresql.conf, or choose another Encryption.", e);
        return new UnreachableSourceException($"{server} cannot be used: {e.Message.TrimEnd('.')}. {MayPass}", e);
    }

    private static UnreachableSourceException Lost(
        string why, DatabaseOptions options, DatabasePlace.PostgreSql server, long rows, Exception e) =>
        new(FormattableString.Invariant(
            $"{server}: the connection was lost after {rows} rows of {options.Content}: {why}. Nothing was kept. ")
            + MayPass, e);

    // The query stands behind "select * from (" in the text that is described.
    private static string Position(PostgresException e, DatabaseOptions options) =>
        options.Content is DatabaseContent.Query query && e.Position - "select * from (".Length is > 0 and var at
            && at <= query.Text.Trim().Length
                ? FormattableString.Invariant($" at character {at} of the query")
                : "";
}
