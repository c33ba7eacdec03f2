using System.Diagnostics;
using Npgsql;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>A schema is created only by registering; what is wrong with one, or with what its user may do, is said with
/// its name.</summary>
public sealed class OpeningPostgreSqlRegistries : IDisposable
{
    private readonly PostgreSqlPlace? _created = PostgresServer.WhySkipped is null ? new() : null;

    private PostgreSqlPlace Place => _created!;

    private IModelRegistry Registry => Place.Open(new SettableClock());

    public void Dispose() => _created?.Dispose();

    [PostgresFact]
    public void AskingCreatesNothing()
    {
        Assert.IsType<Served.Nothing>(Registry.Serving(Name, "production"));
        Assert.Empty(Registry.History(Name, "production"));
        Assert.Empty(Registry.Versions(Name));
        Assert.Empty(Registry.ReferencedArtifacts());
        Refused(RegistryFault.UnknownVersion, () => Registry.Deploy(To("production", 1)));

        Assert.Equal(0, Schemas);
    }

    [PostgresFact]
    public void NpgsqlIsLoadedWhenItIsNeeded()
    {
        using var file = new SqlitePlace();
        file.Open(new SettableClock()).Register(Candidate("a"));

        Assert.Equal(["Microsoft.Data.Sqlite"], Loaded(file));
        Assert.Equal(["Npgsql"], Loaded(Place));
    }

    [PostgresFact]
    public void ARefusedChangeCreatesNothing()
    {
        Refused(RegistryFault.InvalidRequest, () => Registry.Register(Candidate("a") with { Who = "" }));

        Assert.Equal(0, Schemas);
    }

    [PostgresFact]
    public void AnEmptySchemaIsAnEmptyRegistry()
    {
        Place.Sql($"CREATE SCHEMA {Place.Schema}");

        Assert.IsType<Served.Nothing>(Registry.Serving(Name, "production"));
        Assert.Equal(1, Registry.Register(Candidate("a")).Version.Number);
    }

    [PostgresFact]
    public void SchemasOfOneDatabaseAreApart()
    {
        using var other = new PostgreSqlPlace();
        Registry.Register(Candidate("a"));

        Assert.Empty(other.Open(new SettableClock()).Versions(Name));
    }

    [PostgresTheory]
    [InlineData("UPDATE deployment SET who = 'nobody'")]
    [InlineData("UPDATE evidence SET gate = 'Passed' WHERE false")]
    [InlineData("UPDATE model_version SET model_hash = ''")]
    [InlineData("DELETE FROM deployment")]
    [InlineData("DELETE FROM metric")]
    [InlineData("DELETE FROM attachment")]
    [InlineData("DELETE FROM annotation")]
    [InlineData("TRUNCATE annotation")]
    [InlineData("TRUNCATE deployment")]
    [InlineData("TRUNCATE model_version CASCADE")]
    public void OtherProgramsCannotRewriteTheHistory(string sql)
    {
        Registry.Register(Candidate("a"));
        Registry.Deploy(To("production", 1));

        var refusal = Assert.Throws<PostgresException>(() => Place.Sql(sql));
        Assert.Equal("the history of a registry is append-only", refusal.MessageText);
        Assert.Equal(1, Registry.ServingNumber("production"));
    }

    [PostgresFact]
    public void SomebodyElsesSchemaIsLeftAlone()
    {
        Place.Sql($"CREATE SCHEMA {Place.Schema}; CREATE TABLE customers (name text)");

        var text = $"Schema '{Place.Schema}' of the {Place.Registry[1..].Insert(0, "r")} is not a model registry: it "
            + "has other tables. Name another schema in the connection string: Search Path=NAME.";
        Assert.Equal(text, Refused(RegistryFault.NotARegistry, () => Registry.Serving(Name, "production")).Message);
        Assert.Equal(text, Refused(RegistryFault.NotARegistry, () => Registry.Register(Candidate("a"))).Message);
        Assert.Equal(1, Tables);
    }

    [PostgresFact]
    public void ANewerSchemaIsRefused()
    {
        Registry.Register(Candidate("a"));
        Place.Sql("UPDATE registry_schema SET version = 4");

        var text = $"{Place.Registry} has schema 4, expected 3 or older. "
            + "A newer MLBuild wrote it: use that one, or another schema: Search Path=NAME.";
        Assert.Equal(text, Refused(RegistryFault.NewerSchema, () => Registry.Versions(Name)).Message);
        Assert.Equal(text, Refused(RegistryFault.NewerSchema, () => Registry.Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public void AnUnreadableValueIsDamage()
    {
        Registry.Register(Candidate("a"));
        Place.Sql("ALTER TABLE model_version DISABLE TRIGGER ALL; UPDATE model_version SET model_hash = 'x'");

        Assert.Equal(
            Damaged("'x' is not a content hash: expected 64 hexadecimal digits"),
            Refused(RegistryFault.Damaged, () => Registry.Find(Name, 1)).Message);
    }

    [PostgresTheory]
    [InlineData("DROP TABLE deployment", "relation \"deployment\" does not exist (42P01)")]
    [InlineData("ALTER TABLE deployment RENAME who TO author", "column d.who does not exist (42703)")]
    [InlineData(
        "DELETE FROM registry_schema",
        "Table 'registry_schema' has 0 rows, expected one with the version of the tables")]
    public void MissingPartsAreDamage(string sql, string says)
    {
        Registry.Register(Candidate("a"));
        Place.Sql(sql);

        Assert.Equal(
            Damaged(says), Refused(RegistryFault.Damaged, () => Registry.Serving(Name, "production")).Message);
        Assert.Equal(
            Damaged(says), Refused(RegistryFault.Damaged, () => Registry.Deploy(To("production", 1))).Message);
    }

    [PostgresFact]
    public void AUserWhoMayNotUseTheSchemaIsTold()
    {
        Registry.Register(Candidate("a"));
        var registry = Place.OpenAs(Place.User());

        var text = $"{Place.Registry} may not be used by this user. "
            + $"Have its owner run: GRANT USAGE ON SCHEMA {Place.Schema}; and GRANT SELECT, and INSERT for who "
            + $"registers or deploys, ON ALL TABLES IN SCHEMA {Place.Schema}.";
        Assert.Equal(text, Refused(RegistryFault.Denied, () => registry.Serving(Name, "production")).Message);
        Assert.Equal(text, Refused(RegistryFault.Denied, () => registry.Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public void AUserWhoMayNotReadIsTold()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User();
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}");

        Assert.Equal(
            $"{Place.Registry} was not read: user '{user}' may not: permission denied for table registry_schema "
            + $"(42501). Have its owner run: GRANT SELECT ON ALL TABLES IN SCHEMA {Place.Schema} TO \"{user}\".",
            Refused(RegistryFault.Denied, () => Place.OpenAs(user).Serving(Name, "production")).Message);
    }

    [PostgresFact]
    public void AUserWhoMayOnlyReadReads()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User();
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}; "
            + $"GRANT SELECT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user}");

        Assert.Single(Place.OpenAs(user).Versions(Name));
        Assert.Equal(
            $"{Place.Registry} was not changed: user '{user}' may not: permission denied for table model_version "
            + $"(42501). {Grants(user)}",
            Refused(RegistryFault.ReadOnly, () => Place.OpenAs(user).Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public void AUserWhoMayReadAndAddNeedsNoMore()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User();
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}; "
            + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user}");

        Assert.Equal(2, Place.OpenAs(user).Register(Candidate("b")).Version.Number);
        Assert.IsType<Deployed.Changed>(Place.OpenAs(user).Deploy(To("production", 2)));
    }

    // Each one takes the time to the server and back.
    [PostgresFact]
    public void ManyVersionsTakeNoMoreQueriesThanOne()
    {
        Registry.Register(Candidate("a"));
        var one = Queries(() => Assert.Single(Registry.Versions(Name)));
        foreach (var bytes in (string[])["b", "c", "d"])
            Registry.Register(Candidate(bytes));

        Assert.NotEqual(0, one);
        Assert.Equal(one, Queries(() => Assert.Equal(4, Registry.Versions(Name).Count)));
    }

    [PostgresFact]
    public void AServerThatMayNotReportIsToldWhatItNeeds()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User();
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}; "
            + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user}");
        var right = $"GRANT SELECT, INSERT, UPDATE, DELETE ON {Place.Schema}.server_report TO \"{user}\"";

        Assert.Equal(
            $"{Place.Registry} takes no reports: user '{user}' may not: permission denied for table server_report "
            + $"(42501). Have its owner run: {right}.",
            Refused(
                RegistryFault.ReadOnly,
                () => Place.OpenAs(user).Report(Name, "production", "web1", "first")).Message);

        Place.Sql(right);
        Place.OpenAs(user).Report(Name, "production", "web1", "second");
        Assert.Equal("second", Assert.Single(Registry.Reports(Name, "production")).Content);
    }

    [PostgresFact]
    public void AUserWhoMayNotCreateTheSchemaIsTold()
    {
        var user = Place.User();

        Assert.Empty(Place.OpenAs(user).Versions(Name));
        Assert.Equal(
            $"{Place.Registry} was not changed: user '{user}' may not: permission denied for database "
            + $"{PostgresServer.Settings.Database} (42501). {Grants(user)}",
            Refused(RegistryFault.ReadOnly, () => Place.OpenAs(user).Register(Candidate("a"))).Message);
    }

    [PostgresFact]
    public void ASchemaOfTheirOwnIsEnough()
    {
        var user = Place.User();
        Place.Sql($"CREATE SCHEMA {Place.Schema} AUTHORIZATION {user}");

        Assert.Equal(1, Place.OpenAs(user).Register(Candidate("a")).Version.Number);
    }

    [PostgresFact]
    public void WhoeverMayReadOrAddMayDoSoAfterAnUpgrade()
    {
        Place.WriteFirstSchema();
        var (reader, writer) = (Place.User(), Place.User());
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {reader}, {writer}; "
            + $"GRANT SELECT ON ALL TABLES IN SCHEMA {Place.Schema} TO {reader}; "
            + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {writer}");

        Registry.Annotate(On(1, new Annotation.Tag("golden")));

        Assert.Single(Place.OpenAs(reader).Annotations(Name));
        Assert.IsType<Annotated.Changed>(Place.OpenAs(writer).Annotate(On(2, new Annotation.Note("slow"))));
        Refused(
            RegistryFault.ReadOnly, () => Place.OpenAs(reader).Annotate(On(2, new Annotation.Note("no right"))));
        // A server that deployed before reports now, and again.
        Place.OpenAs(writer).Report(Name, "production", "web1", "first");
        Place.OpenAs(writer).Report(Name, "production", "web1", "second");
        Assert.Equal("second", Assert.Single(Place.OpenAs(reader).Reports(Name, "production")).Content);
    }

    [PostgresFact]
    public void AUserWhoMayNotUpgradeReadsAndIsToldWhoCan()
    {
        Place.WriteFirstSchema();
        var user = Place.User();
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}; "
            + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user}");

        Assert.Equal(2, Place.OpenAs(user).ServingNumber("production"));
        Assert.Empty(Place.OpenAs(user).Annotations(Name));
        Assert.Equal(
            $"{Place.Registry} was not changed: an older MLBuild made its tables, and user '{user}' may not bring them "
            + $"up to date: permission denied for schema {Place.Schema} (42501). Have its owner run any command that "
            + "writes to it once, such as ./build.sh Register.",
            Refused(RegistryFault.ReadOnly, () => Place.OpenAs(user).Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public void AServerThatOnlyReadsSaysSoWhenWritten()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User("default_transaction_read_only = on");
        Place.Sql($"GRANT USAGE ON SCHEMA {Place.Schema} TO {user}; "
            + $"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user}");

        Assert.Single(Place.OpenAs(user).Versions(Name));
        Assert.Equal(
            $"{Place.Registry} was not changed: cannot execute INSERT in a read-only transaction (25006). "
            + "Name the primary server, or a user whose transactions may write.",
            Refused(RegistryFault.ReadOnly, () => Place.OpenAs(user).Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public void OfSeveralServersTheOneThatMayWriteIsTaken()
    {
        using var other = StubServer.HangingUp();
        var settings = PostgresServer.Settings;
        settings.Host = $"127.0.0.1:{other.Port},{settings.Host}:{settings.Port}";
        settings.SearchPath = Place.Schema;
        settings.TargetSessionAttributes = "primary";

        new RegistryPlace.PostgreSql(settings.ToString()).Open(new SettableClock()).Register(Candidate("a"));

        Assert.Single(Registry.Versions(Name));
    }

    [PostgresFact]
    public void ADatabaseThatIsMissingIsNamed()
    {
        var settings = PostgresServer.Settings;
        settings.Database = "no_such_database";
        var registry = new RegistryPlace.PostgreSql(settings.ToString()).Open(new SettableClock());

        Assert.Equal(
            $"Registry in PostgreSQL database 'no_such_database' on {settings.Host}:{settings.Port} cannot be opened: "
            + "the server has no such database. Correct Database, or create it: createdb.",
            Refused(RegistryFault.Unreachable, () => registry.Versions(Name)).Message);
    }

    [PostgresFact]
    public void AWriterThatStopsIsNamedToThoseWhoWait()
    {
        Registry.Register(Candidate("a"));
        using var writer = WriterProcess.StoppedWhileRegistering(Place.Argument);
        Assert.Equal("stopped", writer.ReadLine());

        Assert.Equal(
            $"{Place.Registry} is busy: another process has been writing to it for 1 s. "
            + "Wait for that build or server, then run again.",
            Refused(
                RegistryFault.Busy,
                () => Place.Open(new SettableClock(), busyTimeoutSeconds: 1).Register(Candidate("b"))).Message);
    }

    [PostgresFact]
    public async Task AProgramThatTakesNoLockCannotDoubleAPosition()
    {
        Registry.Register(Candidate("a"));
        await using var other = Place.Connect();
        await using var transaction = await other.BeginTransactionAsync();
        PostgresServer.Execute(
            other,
            "INSERT INTO deployment VALUES ('taxi-fare', 'production', 1, NULL, 1, 1, 'eve', 'by hand', NULL, '')");
        var deploying = Task.Run(() => Registry.Deploy(To("production", 1)));
        // One that does not wait has failed otherwise, which is said below.
        while (!deploying.IsCompleted && Place.Number(
            $"SELECT count(*) FROM pg_stat_activity WHERE {other.ProcessID} = ANY(pg_blocking_pids(pid))") == 0)
            await Task.Yield();
        await transaction.CommitAsync();

        var refusal = await Assert.ThrowsAsync<RegistryException>(() => deploying);
        Assert.Equal(RegistryFault.Busy, refusal.Fault);
        Assert.Equal(
            $"{Place.Registry} was not changed: another program wrote to it in the same moment: duplicate key value "
            + "violates unique constraint \"deployment_pkey\" (23505). Run again.",
            refusal.Message);
    }

    [PostgresFact]
    public void AChangeIsOnDiskAndItsLockEndsWithItsMachine()
    {
        Registry.Register(Candidate("a"));
        var user = Place.User("synchronous_commit = off");
        Place.Sql(
            $"""
            GRANT USAGE ON SCHEMA {Place.Schema} TO {user};
            GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO {user};
            CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'commit %, idle %', current_setting('synchronous_commit'),
            current_setting('idle_in_transaction_session_timeout') USING ERRCODE = '53200'; END $$;
            CREATE TRIGGER telling AFTER INSERT ON attachment EXECUTE FUNCTION tell()
            """);

        Assert.Contains(
            "commit on, idle 1min",
            Refused(RegistryFault.Unreachable, () => Place.OpenAs(user).Register(Candidate("b"))).Message);
    }

    [PostgresTheory]
    [InlineData("53100", RegistryFault.DiskFull,
        "was not changed: its server's disk is full. Free some space, then run again.")]
    [InlineData("57014", RegistryFault.Unreachable,
        "did not finish: as asked (57014). Raise the statement_timeout of user 'USER'.")]
    [InlineData("40P01", RegistryFault.Busy,
        "was not changed: another program wrote to it in the same moment: as asked (40P01). Run again.")]
    [InlineData("57P01", RegistryFault.Unreachable,
        "lost the connection: as asked (57P01). Nothing was changed. This may pass: run the same command again.")]
    [InlineData("25P03", RegistryFault.Unreachable,
        "lost the connection: as asked (25P03). Nothing was changed. This may pass: run the same command again.")]
    [InlineData("53200", RegistryFault.Unreachable,
        "cannot be used: as asked (53200). This may pass: run the same command again.")]
    [InlineData("XX001", RegistryFault.Damaged,
        "is damaged: as asked (XX001). It was not changed. Restore the schema from a backup, or drop it and register "
        + "the models again: ./build.sh Register.")]
    public void WhatTheServerReportsChangesNothing(string state, RegistryFault fault, string says)
    {
        Registry.Register(Candidate("a"));
        Place.Sql(
            $"""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'as asked' USING ERRCODE = '{state}'; END $$;
            CREATE TRIGGER failing AFTER INSERT ON attachment EXECUTE FUNCTION fail()
            """);

        Assert.Equal(
            $"{Place.Registry} {says.Replace("'USER'", $"'{PostgresServer.Settings.Username}'")}",
            Refused(fault, () => Registry.Register(Candidate("b"))).Message);
        Assert.Single(Registry.Versions(Name));
    }

    [PostgresTheory]
    [InlineData(Cut.BeforeTheCommitArrives)]
    [InlineData(Cut.BeforeItsAnswerArrives)]
    public void AConnectionLostInACommitLeavesADoubtThatTheSameCommandEnds(Cut cut)
    {
        Registry.Register(Candidate("a"));
        var settings = PostgresServer.Settings;
        using var proxy = new CuttingProxy(settings.Host!, settings.Port, cut);
        (settings.Host, settings.Port, settings.SearchPath) = ("127.0.0.1", proxy.Port, Place.Schema);
        settings.SslMode = SslMode.Disable;
        var place = new RegistryPlace.PostgreSql(settings.ToString());
        var cutOff = place.Open(new SettableClock());

        var doubt = Refused(RegistryFault.Unreachable, () => cutOff.Register(Candidate("b"))).Message;
        Assert.StartsWith($"Registry {place} lost the connection while a change was committed: ", doubt);
        Assert.EndsWith(
            ". It may have been made or not. Run the same command again: doing it twice is doing it once.", doubt);

        // Until the server is through with what was cut off, the next writer waits.
        var again = Registry.Register(Candidate("b"));
        Assert.Equal(2, again.Version.Number);
        Assert.Equal(cut == Cut.BeforeTheCommitArrives, again is Registered.New);
        Assert.Equal(2, Registry.Versions(Name).Count);
    }

    // Of this thread: other tests ask at the same time.
    private static int Queries(Action ask)
    {
        var count = 0;
        using var asking = new Activity("asking").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = query => count += query.TraceId == asking.TraceId ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        ask();
        return count;
    }

    private static List<string> Loaded(ContractPlace place)
    {
        using var process = WriterProcess.Loading(place.Argument, "Npgsql", "Microsoft.Data.Sqlite");
        return process.ReadToEnd();
    }

    private long Schemas => Place.Number($"SELECT count(*) FROM pg_namespace WHERE nspname = '{Place.Schema}'");

    private long Tables => Place.Number($"SELECT count(*) FROM pg_tables WHERE schemaname = '{Place.Schema}'");

    private string Damaged(string says) =>
        $"{Place.Registry} is damaged: {says}. It was not changed. Restore the schema from a backup, or drop it and "
        + "register the models again: ./build.sh Register.";

    private string Grants(string user) =>
        $"Have its owner run: GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {Place.Schema} TO \"{user}\"; or, where it "
        + $"is not there yet: CREATE SCHEMA {Place.Schema} AUTHORIZATION \"{user}\".";
}
