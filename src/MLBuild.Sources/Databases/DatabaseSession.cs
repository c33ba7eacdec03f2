using System.Data.Common;
using MLBuild.Engine;

namespace MLBuild.Sources.Databases;

/// <summary>One connection in one read-only transaction: everything it says is of one moment.</summary>
internal abstract class DatabaseSession(DatabaseOptions options) : IDisposable
{
    /// <summary>How long a lock of another session is waited for.</summary>
    protected static TimeSpan DefaultPatience => TimeSpan.FromSeconds(60);

    protected DatabaseOptions Options => options;

    /// <summary>Counted by the reader, for what is said when the connection is lost.</summary>
    public long RowsRead { get; set; }

    /// <summary><c>PostgreSQL 15.4</c>.</summary>
    public abstract string ServerVersion { get; }

    /// <summary>How one moment is kept, in a report's words.</summary>
    public abstract string Isolation { get; }

    /// <summary>What can be read, in order.</summary>
    public IReadOnlyList<SourceColumn> Columns { get; protected set; } = [];

    /// <param name="patience">How long to wait for locks; null for the default.</param>
    /// <exception cref="SourceFaultException">The database cannot be read, or has other columns.</exception>
    public static DatabaseSession Open(
        DatabaseOptions options, string? password, CancellationToken cancel = default, TimeSpan? patience = null)
    {
        DatabaseSession session = options.Place switch
        {
            DatabasePlace.PostgreSql server =>
                new PostgreSqlSession(options, server, Demand(server, password), patience ?? DefaultPatience),
            DatabasePlace.Sqlite file => new SqliteSession(options, file, patience ?? DefaultPatience),
            _ => throw new InvalidOperationException($"BUG: unknown database {options.Place}."),
        };
        try
        {
            using var stopping = new CancelledWork(session, cancel);
            session.Translated(session.Begin, cancel);
            session.DemandColumns();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Does work on the database and gives its faults their names.</summary>
    public T Translated<T>(Func<T> work, CancellationToken cancel = default)
    {
        try
        {
            return work();
        }
        catch (DbException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (DbException e)
        {
            throw Fault(e);
        }
    }

    /// <summary>The state of the rows in a range.</summary>
    public abstract DatabaseState State(MarkRange range);

    public abstract IReadOnlyList<DatabaseSlice> Slices(SliceWidth width);

    /// <summary>The rows in a range, ordered by the key, with these columns.</summary>
    public abstract DbDataReader Rows(MarkRange range, IReadOnlyList<SourceColumn> columns);

    public abstract ResultColumn Reader(SourceColumn column, int target);

    /// <summary>Ends what is running, from another thread; nothing where nothing runs.</summary>
    public abstract void Cancel();

    public abstract void Dispose();

    /// <summary>Connects, begins the transaction and describes the columns.</summary>
    protected abstract bool Begin();

    protected abstract SourceFaultException Fault(DbException e);

    /// <summary>An identifier as a name and nothing else.</summary>
    protected static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    protected SourceColumn? Mark => Columns.FirstOrDefault(column => column.Name == options.HighWater);

    protected string[] Names => [.. Columns.Select(column => column.ToString())];

    /// <summary>By the key; then by all other columns, so that rows with one key have an order, too.</summary>
    protected string Order(IReadOnlyList<SourceColumn> columns) =>
        string.Join(", ", options.Key.Select(name => columns.Single(column => column.Name == name))
            .Concat(columns.Where(column => !options.Key.Contains(column.Name)))
            .Select(column => column.Order));

    protected void DemandDistinct(IEnumerable<string> names)
    {
        var twice = names.CountBy(name => name).Where(count => count.Value > 1)
            .Select(count => $"'{count.Key}'").ToList();
        if (twice.Count > 0)
            throw new SourceSchemaException(
                $"{options.Place}, {options.Content} has two columns {string.Join(", ", twice)}. Give each a name "
                + "of its own: select … as name.");
    }

    protected SourceSchemaException NoTable(string table, string name, IReadOnlyList<string> tables) => new(
        $"{options.Place} has no table or view '{table}'.{Suggestion.For(name, tables)} "
        + (tables.Count == 0 ? "It has none that this user may see." : $"It has: {Few(tables)}."));

    protected SourceSchemaException NoColumns(IReadOnlyList<string> missing, IReadOnlyList<string> present) => new(
        $"{options.Place}, {options.Content} has no column "
        + string.Join(" and no column ", missing.Select(name => $"'{name}'{Aside(Suggestion.For(name, present))}"))
        + $". It has: {Few(present)}.");

    protected SourceSchemaException WithoutMark(long rows) => new(FormattableString.Invariant(
        $"{options.Place}, {options.Content}: the high-water column '{options.HighWater}' is null in {rows} ")
        + (rows == 1 ? "row" : "rows") + ". Fill it, or read a query that leaves those rows out or gives them a "
        + "value.");

    protected SourceSchemaException UnfitMark(SourceColumn mark, string expected) => new(
        $"{options.Place}, {options.Content}: the high-water column '{mark.Name}' is {mark.Type}, expected "
        + $"{expected}.");

    // " Did you mean 'fare'?" within a sentence.
    private static string Aside(string suggestion) =>
        suggestion.Length == 0 ? "" : $" (did{suggestion[" Did".Length..]})";

    private static string? Demand(DatabasePlace.PostgreSql server, string? password) =>
        server.PasswordSecret is not { } name || !string.IsNullOrEmpty(password)
            ? password
            : throw new DeniedSourceException(
                $"The secret '{name}' has no value, which is the password of user '{server.User}' of {server}. Set "
                + "what the build takes it from, and run the same command again.");

    private static string Few(IReadOnlyList<string> names) => names.Count <= 20
        ? string.Join(", ", names)
        : FormattableString.Invariant($"{string.Join(", ", names.Take(20))} and {names.Count - 20} more");

    private void DemandColumns()
    {
        DemandDistinct(Columns.Select(column => column.Name));
        var present = Columns.Select(column => column.Name).ToList();
        var missing = options.Key.Append(options.HighWater).OfType<string>().Distinct()
            .Where(name => !present.Contains(name)).ToList();
        if (missing.Count > 0)
            throw NoColumns(missing, present);
        var unfit = Columns.Where(column => column.Kind is null)
            .Select(column => $"'{column.Name}' is {(column.Type.Length == 0 ? "of no type" : column.Type)}").ToList();
        if (unfit.Count > 0)
            throw new SourceSchemaException(
                $"{options.Place}, {options.Content}: column {string.Join(", column ", unfit)}, which a table cannot "
                + $"keep. {CastHint}");
    }

    /// <summary>How a column gets another type.</summary>
    protected abstract string CastHint { get; }
}
