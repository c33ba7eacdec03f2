using System.Data;
using System.Data.Common;
using Npgsql;
using Npgsql.Schema;

namespace MLBuild.Sources.Databases;

/// <summary>A read-only transaction of PostgreSQL that sees one moment: REPEATABLE READ.</summary>
internal sealed class PostgreSqlSession : DatabaseSession
{
    // Texts of times, numbers and bytes are the same whatever the server's and the user's settings are. A user's own
    // lock_timeout stands.
    private const string Settings =
        """
        set transaction read only;
        set local datestyle = 'ISO, YMD';
        set local intervalstyle = 'postgres';
        set local timezone = 'UTC';
        set local extra_float_digits = 1;
        set local bytea_output = 'hex';
        """;

    private readonly DatabasePlace.PostgreSql _server;
    private readonly TimeSpan _patience;
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;
    private NpgsqlCommand? _running;
    private string _source = "";

    public PostgreSqlSession(
        DatabaseOptions options, DatabasePlace.PostgreSql server, string? password, TimeSpan patience)
        : base(options)
    {
        (_server, _patience) = (server, patience);
        _connection = new(new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Database = server.Database,
            Username = server.User,
            Password = password,
            SslMode = server.Encryption switch
            {
                DatabaseEncryption.Prefer => SslMode.Prefer,
                DatabaseEncryption.Off => SslMode.Disable,
                DatabaseEncryption.Require => SslMode.Require,
                DatabaseEncryption.VerifyFull => SslMode.VerifyFull,
                _ => throw new InvalidOperationException($"BUG: unknown encryption {server.Encryption}."),
            },
            ApplicationName = "MLBuild",
            Pooling = false,
            // A sort of many rows is silent for long; a peer that is gone is found by the system's keep-alive.
            CommandTimeout = 0,
            TcpKeepAlive = true,
        }.ToString());
    }

    public override string ServerVersion => $"PostgreSQL {_connection.PostgreSqlVersion}";

    public override string Isolation => "repeatable read, read only";

    protected override string CastHint =>
        "Leave it out, or cast it in a query: column::text, encode(column, 'base64').";

    public override DatabaseState State(MarkRange range)
    {
        if (Mark is not { } mark)
        {
            // Of rows as text, so that it is defined for every type. A column may be named as the row is.
            var (count, sum) = Single(
                $"select count(*), sum(hashtextextended(row(source.*)::text, 0))::text from {_source}", [],
                reader => (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
            return new(Names, count, StateKind.Checksum, sum);
        }
        DemandOrdered(mark);
        var (rows, marked, highest) = Single(
            $"select count(*), count({mark.Expression}), max({mark.Expression})::text from {_source}{Where(range)}",
            Bounds(range),
            reader => (reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        return rows == marked
            ? new(Names, rows, StateKind.Mark, highest)
            : throw WithoutMark(rows - marked);
    }

    public override IReadOnlyList<DatabaseSlice> Slices(SliceWidth width)
    {
        var mark = Mark!;
        DemandOrdered(mark);
        var isNumber = mark.Kind is StorageKind.Int32 or StorageKind.Int64;
        var from = (width, isNumber) switch
        {
            (SliceWidth.Calendar calendar, false) => CalendarStart(mark, calendar.Unit),
            (SliceWidth.Numbers(var n), true) => NumberStart(mark, n),
            (SliceWidth.Calendar, true) => throw UnfitMark(mark, "a date or timestamp for slices by the calendar"),
            _ => throw UnfitMark(mark, "smallint, integer or bigint for slices of numbers"),
        };
        return Query(
            $"select ({from})::text, count(*), max({mark.Expression})::text from {_source} "
            + $"group by 1 order by min({mark.Expression})",
            [],
            reader => (reader.IsDBNull(0) ? null : reader.GetString(0)) switch
            {
                null => throw WithoutMark(reader.GetInt64(1)),
                "infinity" or "-infinity" => throw new SourceSchemaException(
                    $"{Options.Place}, {Options.Content}: '{mark.Name}' is infinity in some rows, which no slice "
                    + "holds. Read a query that leaves them out or gives them a time."),
                var start => new DatabaseSlice(
                    SliceName.Of(width, start), start, reader.GetInt64(1), reader.GetString(2), Names),
            });
    }

    public override DbDataReader Rows(MarkRange range, IReadOnlyList<SourceColumn> columns)
    {
        var command = Command(
            $"select {string.Join(", ", columns.Select(column => column.Expression))} from {_source}{Where(range)} "
            + $"order by {Order(columns)}",
            Bounds(range));
        // Rows come as the server sends them: nothing is held but the row at hand.
        return command.ExecuteReader(CommandBehavior.SequentialAccess);
    }

    public override ResultColumn Reader(SourceColumn column, int target) =>
        PostgreSqlColumns.Reader(column, target, Options.FinerTimes);

    // The connection's own Close would read all rows that are still to come.
    public override void Cancel() => _running?.Cancel();

    public override void Dispose()
    {
        _transaction?.Dispose();
        _connection.Dispose();
    }

    protected override bool Begin()
    {
        _connection.Open();
        _transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
        using (var settings = Command(Settings, []))
            settings.ExecuteNonQuery();
        Single(
            "select set_config('lock_timeout', case current_setting('lock_timeout') when '0' then $1 "
            + "else current_setting('lock_timeout') end, true)",
            [FormattableString.Invariant($"{(long)_patience.TotalMilliseconds}ms")], _ => true);
        switch (Options.Content)
        {
            case DatabaseContent.Table table:
                Describe(table);
                break;
            case DatabaseContent.Query query:
                // A comment at its end must not take the bracket with it.
                _source = $"({query.Text.Trim().TrimEnd(';')}\n) as source";
                Columns = Described(_ => false);
                break;
        }
        return true;
    }

    protected override SourceFaultException Fault(DbException e) => PostgreSqlFaults.Of(
        e, Options, _server, RowsRead, isDescribed: Columns.Count > 0);

    private static string CalendarStart(SourceColumn mark, CalendarUnit unit)
    {
        var name = unit switch
        {
            CalendarUnit.Day => "day",
            CalendarUnit.Month => "month",
            CalendarUnit.Year => "year",
            _ => throw new InvalidOperationException($"BUG: unknown unit {unit}."),
        };
        // A date would be taken for an instant.
        var time = mark.Kind == StorageKind.Date ? $"{mark.Expression}::timestamp" : mark.Expression;
        return $"date_trunc('{name}', {time})";
    }

    // In numeric, because the start of the lowest slice may be no bigint.
    private static string NumberStart(SourceColumn mark, long width) => FormattableString.Invariant(
        $"greatest({mark.Expression}::numeric - mod(mod({mark.Expression}::numeric, {width}) + {width}, {width}), ")
        + FormattableString.Invariant($"{long.MinValue})");

    private void Describe(DatabaseContent.Table table)
    {
        var schema = table.Schema ?? "public";
        var present = Query(
            """
            select a.attname::text, a.attnotnull
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')
                and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """,
            [schema, table.Name], reader => (Name: reader.GetString(0), IsNotNull: reader.GetBoolean(1)));
        if (present.Count == 0)
            throw NoTable($"{schema}.{table.Name}", table.Name, Tables(schema));
        var names = present.Select(column => column.Name).ToList();
        if (table.Columns.Where(name => !names.Contains(name)).ToList() is { Count: > 0 } missing)
            throw NoColumns(missing, names);
        var wanted = table.Columns.Count > 0 ? table.Columns : names;
        _source = $"(select {string.Join(", ", wanted.Select(Quoted))} from {Quoted(schema)}.{Quoted(table.Name)}) "
            + "as source";
        var always = present.Where(column => column.IsNotNull).Select(column => column.Name).ToHashSet();
        Columns = Described(always.Contains);
    }

    // Those of its schema by their names alone; others behind their schemas.
    private List<string> Tables(string schema) => Query(
        """
        select case n.nspname when $1 then c.relname::text else n.nspname || '.' || c.relname end
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        order by n.nspname <> $1, 1
        """,
        [schema], reader => reader.GetString(0));

    private IReadOnlyList<SourceColumn> Described(Func<string, bool> isNotNull)
    {
        using var command = Command($"select * from {_source}", []);
        var columns = Schema(command);
        // Npgsql keeps what it knows of types for the life of the process; one that was created since is none.
        if (columns.Any(column => column.PostgresType.OID == 0))
        {
            _connection.ReloadTypes();
            columns = Schema(command);
        }
        return [.. columns.Select(column => PostgreSqlColumns.Of(
            column, Quoted(column.ColumnName), isNotNull(column.ColumnName)))];

        static List<NpgsqlDbColumn> Schema(NpgsqlCommand command)
        {
            using var reader = command.ExecuteReader(CommandBehavior.SchemaOnly);
            return [.. reader.GetColumnSchema().Cast<NpgsqlDbColumn>()];
        }
    }

    private void DemandOrdered(SourceColumn mark)
    {
        if (mark.Kind is not (StorageKind.Int32 or StorageKind.Int64 or StorageKind.Date or StorageKind.Time
            or StorageKind.Instant))
            throw UnfitMark(mark, "a date, timestamp, smallint, integer or bigint");
    }

    private string Where(MarkRange range)
    {
        if (Mark is not { } mark)
            return "";
        var (conditions, parameter) = (new List<string>(), 0);
        foreach (var (operation, bound) in new[] { (">=", range.From), ("<=", range.UpTo) })
        {
            if (bound is not null)
                conditions.Add($"{mark.Expression} {operation} {Bound(++parameter)}");
        }
        return conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";

        // As text, which the server reads as it wrote it; of a type that an index on the column takes.
        string Bound(int number) => FormattableString.Invariant($"cast(${number} as text)::") + mark.Kind switch
        {
            StorageKind.Int32 or StorageKind.Int64 => "bigint",
            StorageKind.Instant => "timestamptz",
            _ => "timestamp",
        };
    }

    private static string[] Bounds(MarkRange range) => [.. new[] { range.From, range.UpTo }.OfType<string>()];

    private T Single<T>(string sql, IReadOnlyList<string> parameters, Func<DbDataReader, T> read) =>
        Query(sql, parameters, read).Single();

    private List<T> Query<T>(string sql, IReadOnlyList<string> parameters, Func<DbDataReader, T> read)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private NpgsqlCommand Command(string sql, IReadOnlyList<string> parameters)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return _running = command;
    }
}
