using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Databases;

/// <summary>Says in a text what state a table or query is in, for a stage's <c>Observes</c>: equal texts, equal rows.
/// </summary>
/// <remarks>
/// With a high-water column: the number of rows and the highest mark; cheap with an index. It misses what leaves both
/// as they are: a row changed without raising the mark, a row removed while another came with a lower mark.
/// Without one: the number of rows and the sum of their hashes. The server of PostgreSQL reads all rows for that and
/// sends none; of SQLite all rows are read here.
/// </remarks>
public static class DatabaseProbe
{
    /// <param name="run">What <c>Observes</c> gives.</param>
    /// <param name="password">The value of the options' PasswordSecret.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SourceFaultException">The database cannot be read, or is not as the options say.</exception>
    /// <exception cref="OperationCanceledException">The build is ending.</exception>
    public static string Of(DatabaseOptions options, ProbeRun run, string? password = null)
    {
        options.Validate();
        using var session = DatabaseSession.Open(options, password, run.Cancel);
        using var stopping = new CancelledWork(session, run.Cancel);
        return session.Translated(() => session.State(MarkRange.All), run.Cancel).ToString();
    }
}
