using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MLBuild.Sources.Databases;

/// <summary>A read transaction of SQLite, which sees one moment: in write-ahead mode others go on writing, with a
/// rollback journal their commits wait for it.</summary>
internal sealed class SqliteSession : DatabaseSession
{
    // A view gives the columns of a query the types of their casts, which the query alone does not tell. It exists for
    // this connection only. No table of a user has this name.
    private const string Source = "\"mlbuild: what is read\"";

    private readonly string _path;
    private readonly TimeSpan _patience;
    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    public SqliteSession(DatabaseOptions options, DatabasePlace.Sqlite file, TimeSpan patience)
        : base(options)
    {
        (_path, _patience) = (file.Path, patience);
        _connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = file.Path,
            // So that nothing is written, a log is not merged into the file either.
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            // The provider's own waiting; SQLite's, below, precedes it.
            DefaultTimeout = 1,
        }.ToString());
    }

    public override string ServerVersion => $"SQLite {_connection.ServerVersion}";

    public override string Isolation => "one deferred read transaction, read only";

    protected override string CastHint =>
        "Leave it out, or cast it in a query: cast(column as integer), real, numeric or text.";

    public override DatabaseState State(MarkRange range)
    {
        if (Mark is not { } mark)
            return Checksum();
        var (rows, marked, unfit, highest) = Query(
            $"select count(*), count({mark.Expression}), {Unfit(mark)}, cast(max({mark.Expression}) as text) "
            + $"from {Source}{Where(range)}",
            Bounds(range),
            reader => (
                reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3))).Single();
        Demand(mark, rows, marked, unfit);
        return new(Names, rows, StateKind.Mark, highest);
    }

    public override IReadOnlyList<DatabaseSlice> Slices(SliceWidth width)
    {
        var mark = Mark!;
        var m = mark.Expression;
        var from = (width, mark.Kind) switch
        {
            (SliceWidth.Calendar(var unit), StorageKind.Time) =>
                FormattableString.Invariant($"substr({m}, 1, {Digits(unit)})"),
            (SliceWidth.Numbers(var n), StorageKind.Int64) => FormattableString.Invariant(
                $"cast({m} - ((({m} % {n}) + {n}) % {n}) as text)"),
            (SliceWidth.Calendar, _) => throw UnfitMark(
                mark, "a column of times (date, datetime, timestamp) for slices by the calendar; whole numbers of "
                    + "seconds have slices of numbers, 86400 for a day"),
            _ => throw UnfitMark(mark, "integer for slices of numbers"),
        };
        return Query(
            $"select {from}, count(*), count({m}), {Unfit(mark)}, cast(max({m}) as text) from {Source} group by 1 "
            + $"order by min({m})",
            [],
            reader =>
            {
                Demand(mark, reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3));
                var start = reader.GetString(0);
                return new DatabaseSlice(
                    width is SliceWidth.Calendar ? start : SliceName.Of(width, start), start, reader.GetInt64(1),
                    reader.GetString(4), Names);
            });
    }

    public override DbDataReader Rows(MarkRange range, IReadOnlyList<SourceColumn> columns) => Command(
        $"select {string.Join(", ", columns.Select(column => column.Expression))} from {Source}{Where(range)} "
        + $"order by {Order(columns)}",
        Bounds(range)).ExecuteReader();

    public override ResultColumn Reader(SourceColumn column, int target) =>
        SqliteColumns.Reader(column, target, Options.FinerTimes);

    public override void Cancel()
    {
        if (_connection.Handle is { IsClosed: false } handle)
            raw.sqlite3_interrupt(handle);
    }

    public override void Dispose()
    {
        _transaction?.Dispose();
        _connection.Dispose();
    }

    protected override bool Begin()
    {
        if (!File.Exists(_path))
            throw SqliteFaults.Absent(Options);
        _connection.Open();
        Execute(FormattableString.Invariant($"pragma busy_timeout = {(long)_patience.TotalMilliseconds}"));
        _transaction = _connection.BeginTransaction(deferred: true);
        // The moment is that of the first read.
        Query("select count(*) from sqlite_schema", [], reader => reader.GetInt64(0));
        switch (Options.Content)
        {
            case DatabaseContent.Table table:
                Describe(table);
                break;
            case DatabaseContent.Query query:
                // Alone first: what is wrong with it is then said without a word of the view.
                var select = query.Text.Trim().TrimEnd(';');
                Query($"select * from ({select}\n) limit 0", [], _ => true);
                DemandDistinctNames(select);
                Execute($"create temp view {Source} as select * from ({select}\n)");
                Columns = Described(_ => false);
                break;
        }
        return true;
    }

    protected override SourceFaultException Fault(DbException e) =>
        SqliteFaults.Of((SqliteException)e, Options, _patience, RowsRead);

    private static int Digits(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Day => 10,
        CalendarUnit.Month => 7,
        CalendarUnit.Year => 4,
        _ => throw new InvalidOperationException($"BUG: unknown unit {unit}."),
    };

    // The largest value of another kind than the column's own, or null: SQLite lets every row have its own type. Text
    // has to be a time for SQLite's own functions: year, month, day and so on, which sort as they are written.
    private static string Unfit(SourceColumn mark) => mark.Kind == StorageKind.Int64
        ? $"max(case when typeof({mark.Expression}) <> 'integer' then quote({mark.Expression}) end)"
        : $"max(case when typeof({mark.Expression}) <> 'text' or {mark.Expression} not glob "
            + $"'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' or julianday({mark.Expression}) is null "
            + $"then quote({mark.Expression}) end)";

    private void Demand(SourceColumn mark, long rows, long marked, string? unfit)
    {
        if (mark.Kind is not (StorageKind.Int64 or StorageKind.Time))
            throw UnfitMark(mark, "integer, or a column of times (date, datetime, timestamp)");
        if (rows > marked)
            throw WithoutMark(rows - marked);
        if (unfit is not null)
            throw new SourceSchemaException(
                $"{Options.Place}, {Options.Content}: the high-water column '{mark.Name}' holds {unfit}, expected "
                + (mark.Kind == StorageKind.Int64 ? "whole numbers" : "texts such as 2019-02-01 10:00:00")
                + " only. Correct it, or read a query that does.");
    }

    // A view would rename columns that share a name.
    private void DemandDistinctNames(string select)
    {
        raw.sqlite3_prepare_v2(_connection.Handle, select, out var statement);
        using (statement)
        {
            DemandDistinct(Enumerable.Range(0, raw.sqlite3_column_count(statement))
                .Select(i => raw.sqlite3_column_name(statement, i).utf8_to_string()));
        }
    }

    private void Describe(DatabaseContent.Table table)
    {
        var schema = table.Schema ?? "main";
        var present = Query(
            "select name, \"notnull\" or (pk = 1 and upper(type) = 'INTEGER' and 1 = (select sum(pk > 0) "
            // 2 and 3: generated columns; 1 is hidden from "select *" as well.
            + "from pragma_table_info($1, $2))) from pragma_table_xinfo($1, $2) where hidden in (0, 2, 3)",
            [table.Name, schema], reader => (Name: reader.GetString(0), IsNotNull: reader.GetInt64(1) != 0));
        if (present.Count == 0)
            throw NoTable(
                $"{schema}.{table.Name}", table.Name,
                Query($"select name from {Quoted(schema)}.sqlite_schema where type in ('table', 'view') "
                    + "and name not like 'sqlite~_%' escape '~' order by name", [], reader => reader.GetString(0)));
        var names = present.Select(column => column.Name).ToList();
        if (table.Columns.Where(name => !names.Contains(name)).ToList() is { Count: > 0 } missing)
            throw NoColumns(missing, names);
        var wanted = table.Columns.Count > 0 ? table.Columns : names;
        Execute($"create temp view {Source} as select {string.Join(", ", wanted.Select(Quoted))} "
            + $"from {Quoted(schema)}.{Quoted(table.Name)}");
        var always = present.Where(column => column.IsNotNull).Select(column => column.Name).ToHashSet();
        Columns = Described(always.Contains);
    }

    private List<SourceColumn> Described(Func<string, bool> isNotNull) => Query(
        "select name, type from pragma_table_info($1, 'temp')", [Source.Trim('"')],
        reader => SqliteColumns.Of(
            reader.GetString(0), reader.GetString(1), Quoted(reader.GetString(0)), isNotNull(reader.GetString(0))));

    // Not the hash of the file: to close any handle of it lets go of all locks that this process has on it.
    private DatabaseState Checksum()
    {
        var (rows, sum, text) = (0L, UInt128.Zero, new ArrayBufferWriter<byte>());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var command = Command($"select * from {Source}", []);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            text.ResetWrittenCount();
            for (var i = 0; i < reader.FieldCount; i++)
                Append(reader.Handle!, i, text);
            SHA256.HashData(text.WrittenSpan, hash);
            // A sum, because rows have no order yet.
            sum += BinaryPrimitives.ReadUInt128BigEndian(hash);
            rows++;
        }
        return new(Names, rows, StateKind.Checksum, rows == 0 ? null : sum.ToString("x32", null));
    }

    private static void Append(sqlite3_stmt row, int column, ArrayBufferWriter<byte> text)
    {
        var type = raw.sqlite3_column_type(row, column);
        Span<byte> number = stackalloc byte[9];
        number[0] = (byte)type;
        BinaryPrimitives.WriteInt64LittleEndian(number[1..], type switch
        {
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(row, column),
            raw.SQLITE_FLOAT => BitConverter.DoubleToInt64Bits(raw.sqlite3_column_double(row, column)),
            raw.SQLITE_NULL => 0,
            _ => raw.sqlite3_column_bytes(row, column),
        });
        text.Write(number);
        if (type is raw.SQLITE_TEXT or raw.SQLITE_BLOB)
            text.Write(raw.sqlite3_column_blob(row, column));
    }

    private string Where(MarkRange range)
    {
        if (Mark is not { } mark || range == MarkRange.All)
            return "";
        var conditions = new List<string>();
        if (range.From is not null)
            conditions.Add($"{mark.Expression} >= ${conditions.Count + 1}");
        if (range.UpTo is not null)
            conditions.Add($"{mark.Expression} <= ${conditions.Count + 1}");
        return $" where {string.Join(" and ", conditions)}";
    }

    // A text is never equal to a number in SQLite.
    private object[] Bounds(MarkRange range) => [.. new[] { range.From, range.UpTo }.OfType<string>()
        .Select(bound => Mark is { Kind: StorageKind.Int64 }
            ? (object)long.Parse(bound, CultureInfo.InvariantCulture)
            : bound)];

    private void Execute(string sql)
    {
        using var command = Command(sql, []);
        command.ExecuteNonQuery();
    }

    private List<T> Query<T>(string sql, IReadOnlyList<object> parameters, Func<SqliteDataReader, T> read)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    private SqliteCommand Command(string sql, IReadOnlyList<object> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        for (var i = 0; i < parameters.Count; i++)
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i + 1}"), parameters[i]);
        return command;
    }
}
