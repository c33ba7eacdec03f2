using System.Text.RegularExpressions;
using MLBuild.Sources.Databases;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>Faults of PostgreSQL, each with its type and its words.</summary>
[Collection(PostgresServer.Collection)]
public sealed class RefusingPostgres(PostgresServer server) : IDisposable
{
    private const string Password = "correct horse";

    private readonly FetchSpace _space = new();

    public void Dispose() => _space.Dispose();

    [PostgresFact]
    public async Task AHostThatDoesNotExist() => Assert.Equal(
        "Unreachable: PostgreSQL database 'shop' on nowhere.invalid:PORT cannot be reached: there is no "
            + "host 'nowhere.invalid'. Correct Host.",
        await Fault(server.Table("trips", "id") with { Place = server.Place with { Host = "nowhere.invalid" } }));

    [PostgresFact]
    public async Task APortThatNobodyListensOn()
    {
        // Port 1 is given to nobody who asks for any port.
        Assert.Equal(
            "Unreachable: PostgreSQL database 'shop' on HOST:PORT refuses connections: nothing listens there. "
            + "Start the server, or correct Host and Port. This may pass: run the same command again, or give the "
            + "stage Retries.", (await Fault(server.Table("trips", "id") with
            {
                Place = server.Place with { Port = 1 },
            })).Replace(":1 ", ":PORT "));
    }

    [PostgresFact]
    public async Task ADatabaseThatDoesNotExist() => Assert.Equal(
        "Schema: PostgreSQL database 'shap' on HOST:PORT does not exist, while the server does. Correct "
            + "Database.",
        await Fault(server.Table("trips", "id") with { Place = server.Place with { Database = "shap" } }));

    [PostgresFact]
    public async Task AUserThatDoesNotExist() => Assert.Equal(
        "Denied: SERVER does not let user 'nobody' in: role \"nobody\" does not exist (28000). Correct "
            + "User, or have the server's pg_hba.conf admit this user from this machine.",
        await Fault(server.Table("trips", "id") with { Place = server.Place with { User = "nobody" } }));

    [PostgresFact]
    public async Task AServerThatDoesNotEncrypt() => Assert.Equal(
        "Unreachable: SERVER does not encrypt, and Encryption is VerifyFull. Set ssl = on in its "
            + "postgresql.conf, or choose another Encryption.",
        await Fault(server.Table("trips", "id") with
        {
            Place = server.Place with { Encryption = DatabaseEncryption.VerifyFull },
        }));

    [PostgresFact]
    public async Task AWrongPassword()
    {
        var user = server.UserWithPassword(Password);
        var options = server.Table("trips", "id") with
        {
            Place = server.Place with { User = user, PasswordSecret = FetchSpace.Secret },
        };

        var fault = await Fault(options, "battery staple");

        Assert.Equal(
            "Denied: SERVER refuses the password of user 'reader'. Correct the secret 'shop-password'.", fault);
    }

    [PostgresFact]
    public async Task APasswordThatNobodySet() => Assert.Equal(
        "Denied: The secret 'shop-password' has no value, which is the password of user 'USER' of SERVER. "
            + "Set what the build takes it from, and run the same command again.",
        await Fault(server.Table("trips", "id") with
        {
            Place = server.Place with { PasswordSecret = FetchSpace.Secret },
        }));

    [PostgresFact]
    public async Task APasswordThatTheOptionsDoNotName()
    {
        var user = server.UserWithPassword(Password);

        var fault = await Fault(server.Table("trips", "id") with { Place = server.Place with { User = user } });

        Assert.Equal(
            "Denied: SERVER asks for the password of user 'reader', and the options name no PasswordSecret. "
            + "Name one, and declare it with WithSecret.", fault);
    }

    [PostgresFact]
    public async Task ThePasswordIsNowhereOnDisk()
    {
        var user = server.UserWithPassword(Password);
        server.Execute(
            $"create table kept(id int primary key); insert into kept values (1); grant select on kept to {user}");
        var options = server.Table("kept", "id") with
        {
            Place = server.Place with { User = user, PasswordSecret = FetchSpace.Secret },
        };

        await _space.Run(FetchSpace.Whole(options, Password));
        server.Execute($"revoke select on kept from {user}");
        await _space.Fault(FetchSpace.Sliced(
            options with { HighWater = "id", Slices = new SliceWidth.Numbers(5) }, Password));

        var files = _space.Files.ToList();
        Assert.Contains(files, file => file.EndsWith(DatabaseFetchStage.Report, StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => File.ReadAllText(file, System.Text.Encoding.Latin1)
            .Contains(Password, StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task ATableThatTheUserMayNotRead()
    {
        var user = server.User();
        server.Execute("create table closed(id int primary key)");

        var fault = await Fault(server.Table("closed", "id") with { Place = server.Place with { User = user } });

        Assert.Equal(
            "Denied: SERVER, table 'closed': user 'reader' may not read it: permission denied for table closed "
            + "(42501). Have its owner run: GRANT SELECT ON \"public\".\"closed\" TO \"reader\"; and GRANT USAGE "
            + "on its schema if it is not public.", fault);
    }

    [PostgresFact]
    public async Task ATableThatDoesNotExist()
    {
        server.Execute("create table if not exists trip2019(id int primary key, fare real)");

        Assert.StartsWith(
            "Schema: SERVER has no table or view 'public.trips2019'. Did you mean 'trip2019'? It has: ",
            await Fault(server.Table("trips2019", "id")));
    }

    [PostgresFact]
    public async Task ColumnsThatDoNotExist()
    {
        server.Execute("create table if not exists trip2019(id int primary key, fare real)");
        var options = server.Table("", "id") with
        {
            Content = new DatabaseContent.Table("trip2019") { Columns = ["id", "fares", "borough"] },
        };

        Assert.Equal(
            "Schema: SERVER, table 'trip2019' has no column 'fares' (did you mean 'fare'?) and no column "
            + "'borough'. It has: id, fare.", await Fault(options));
        Assert.Equal(
            "Schema: SERVER, table 'trip2019' has no column 'key'. It has: id, fare.",
            await Fault(server.Table("trip2019", "key")));
    }

    [PostgresTheory]
    [InlineData("select id, fare from trip",
        "Schema: SERVER, the query cannot be read: relation \"trip\" does not exist (42P01) at character " +
        "22 of the query. Correct the query or what it reads.")]
    [InlineData("select id, fair from trip2019",
        "Schema: SERVER, the query cannot be read: column \"fair\" does not exist (42703) at character " +
        "12 of the query. Perhaps you meant to reference the column \"trip2019.fare\". Correct the query " +
        "or what it reads.")]
    [InlineData("select id, fare frm trip2019",
        "Schema: SERVER, the query cannot be read: syntax error at or near \"trip2019\" (42601) at " +
        "character 21 of the query. Correct the query or what it reads.")]
    [InlineData("select id, fare, fare from trip2019",
        "Schema: SERVER, the query has two columns 'fare'. Give each a name of its own: select … as " +
        "name.")]
    [InlineData("select id, '\\x00'::bytea as bytes, point(1, 2) from trip2019",
        "Schema: SERVER, the query: column 'bytes' is bytea, column 'point' is point, which a table " +
        "cannot keep. Leave it out, or cast it in a query: column::text, encode(column, 'base64').")]
    [InlineData("select id, 1 / 0 as half from generate_series(1, 2) id",
        "Schema: SERVER, the query cannot be read: division by zero (22012). Correct the query or what " +
        "it reads.")]
    [InlineData("delete from trip2019",
        "Schema: SERVER, the query cannot be read: syntax error at or near \"from\" (42601) at character " +
        "8 of the query. Correct the query or what it reads.")]
    [InlineData("select 1 as id) as s; drop table trip2019; select * from (select 1 as id",
        "Schema: SERVER, the query cannot be read: missing FROM-clause entry for table \"source\" " +
        "(42P01). Correct the query or what it reads.")]
    public async Task AQueryThatCannotBeRead(string query, string expected)
    {
        server.Execute("create table if not exists trip2019(id int primary key, fare real)");

        Assert.Equal(expected, await Fault(server.Query(query, "id")));
        Assert.Equal("trip2019", server.Scalar("select to_regclass('trip2019')::text"));
    }

    [PostgresTheory]
    [InlineData("numeric(4, 2)", "'NaN'",
        "is not a number, infinite, or has more than 28 digits, which no decimal holds. Round it or cast " +
        "it to double precision in a query.")]
    [InlineData("numeric", "1e30",
        "is not a number, infinite, or has more than 28 digits, which no decimal holds. Round it or cast " +
        "it to double precision in a query.")]
    [InlineData("numeric", "0.00000000001",
        "is 0.00000000001, expected at most 20 digits before the point and 8 behind it. Round it or " +
        "cast it to another type in a query.")]
    [InlineData("timestamp", "'infinity'",
        "is infinity, which is no time. Leave it out or replace it in a query: nullif(column, " +
        "'infinity').")]
    [InlineData("timestamptz", "'20000-01-01 00:00:00+00'",
        "is a time outside of the years 1 to 9999. Leave it out or replace it in a query.")]
    [InlineData("date", "'-infinity'",
        "is infinity, which is no time. Leave it out or replace it in a query: nullif(column, " +
        "'infinity').")]
    [InlineData("timestamp", "'2019-02-01 10:00:00.000001'",
        "is 2019-02-01 10:00:00.000001, and a table keeps milliseconds. Set FinerTimes = " +
        "FinerTimes.Truncate, or round it in a query.")]
    public async Task AValueThatItsColumnCannotHold(string type, string value, string expected)
    {
        server.Execute($"drop table if exists holds; create table holds(id int primary key, v {type}); "
            + $"insert into holds values (7, {value})");

        Assert.Equal($"Schema: SERVER, table 'holds', row id = 7: column 'v' {expected}",
            await Fault(server.Table("holds", "id")));
    }

    [PostgresFact]
    public async Task AHighWaterColumnThatHasNoOrder()
    {
        server.Execute("create table marks(id int primary key, at timestamp, name text); "
            + "insert into marks values (1, '2019-01-01', 'a'), (2, null, 'b')");

        Assert.Equal(
            "Schema: SERVER, table 'marks': the high-water column 'at' is null in 1 row. Fill it, or read a "
            + "query that leaves those rows out or gives them a value.",
            await Fault(server.Table("marks", "id", "at")));
        Assert.Equal(
            "Schema: SERVER, table 'marks': the high-water column 'name' is text, expected a date, timestamp, "
            + "smallint, "
            + "integer or bigint.",
            await Fault(server.Table("marks", "id", "name")));
    }

    [PostgresFact]
    public async Task AKeyThatIsThereTwice()
    {
        server.Execute("create table twice(id int, fare real, at timestamp); "
            + "insert into twice values (1, 1, '2019-01-01'), (2, 2, '2019-01-02'), (1, 3, '2019-01-03')");

        Assert.Equal(
            "Duplicate: SERVER, table 'twice': rows with a key that another row has: 1, such as id = 1. Correct "
            + "them, name more columns in Key, or set RepeatedKeys = RepeatedKeys.Keep and leave them to a later "
            + "stage.", await Fault(server.Table("twice", "id", "at")));
    }

    [PostgresFact]
    public async Task AKeyThatIsThereTwiceOnceItIsCutOff()
    {
        server.Execute("create table cut(at timestamp primary key); "
            + "insert into cut values ('2019-02-01 10:00:00.0001'), ('2019-02-01 10:00:00.0002')");

        Assert.StartsWith(
            "Duplicate: SERVER, table 'cut': rows with a key that another row has: 1, such as at = 2019-02-01 "
            + "10:00:00. ",
            await Fault(server.Table("cut", "at") with { FinerTimes = FinerTimes.Truncate }));
    }

    // As a foreign table whose other side does not keep it.
    [PostgresFact]
    public async Task ANullThatItsColumnForbids()
    {
        server.Execute("create table forbids(id int primary key, fare real); insert into forbids values (7, null); "
            + "update pg_attribute set attnotnull = true where attrelid = 'forbids'::regclass and attname = 'fare'");

        Assert.Equal(
            "Schema: SERVER, table 'forbids', row id = 7: column 'fare' is null, though it is declared not null. "
            + "Correct it, or read the table by a query, whose columns may be null.",
            await Fault(server.Table("forbids", "id")));
    }

    [PostgresFact]
    public async Task AStatementThatTakesTooLong()
    {
        var user = server.User("statement_timeout = '50ms'");
        server.Execute($"create or replace view slow as select 1 as id, pg_sleep(60)::text as slept; "
            + $"grant select on slow to {user}");

        var fault = await Fault(server.Table("slow", "id") with { Place = server.Place with { User = user } });

        Assert.Equal(
            "Unreachable: SERVER, table 'slow': the server gave up: canceling statement due to statement "
            + "timeout (57014). Raise the statement_timeout of user 'reader', read narrower slices, or give the "
            + "high-water column an index.", fault);
    }

    [PostgresFact]
    public async Task ATableThatIsBeingAltered()
    {
        var user = server.User("lock_timeout = '50ms'");
        server.Execute($"create table altered(id int primary key); grant select on altered to {user}");
        using var other = server.Open();
        using var altering = other.BeginTransaction();
        PostgresServer.Execute(other, "alter table altered add column fare real");

        Assert.Equal(
            "Unreachable: SERVER, table 'altered' stays locked by another session, such as an ALTER TABLE: "
            + "canceling statement due to lock timeout (55P03). This may pass: run the same command again, or "
            + "give the stage Retries.",
            await Fault(server.Table("altered", "id") with { Place = server.Place with { User = user } }));
    }

    [PostgresFact]
    public void AConnectionThatIsLostWhileRowsAreRead()
    {
        server.Execute("create table many(id int primary key, t text); "
            + "insert into many select i, repeat('x', 1000) from generate_series(1, 50000) i");
        using var session = DatabaseSession.Open(server.Table("many", "id"), null);

        var fault = Assert.Throws<UnreachableSourceException>(() => session.Translated(() =>
        {
            using var rows = session.Rows(MarkRange.All, session.Columns);
            Assert.True(rows.Read());
            server.Execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'MLBuild'");
            while (rows.Read())
                session.RowsRead++;
            return true;
        }));

        Assert.Matches($"^{Regex.Escape(server.Label)}: the connection was lost after [0-9]+ rows of table 'many': "
            + ".+\\. "
            + "Nothing was kept\\. This may pass: run the same command again, or give the stage Retries\\.$",
            fault.Message);
        Assert.InRange(session.RowsRead, 1, 49_999);
    }

    private async Task<string> Fault(DatabaseOptions options, string? password = null)
    {
        var fault = await _space.Fault(FetchSpace.Whole(options, password));
        var at = PostgresServer.Server;
        return $"{FaultName.Of(fault)}: " + Regex.Replace(fault.Message, $"{server.Database}_[0-9]+", "reader")
            .Replace(server.Label, "SERVER").Replace(server.Database, "shop")
            .Replace($"on {at.Host}:", "on HOST:").Replace($":{at.Port} ", ":PORT ")
            .Replace($"user '{at.Username}'", "user 'USER'");
    }
}
