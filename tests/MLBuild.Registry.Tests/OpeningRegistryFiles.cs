using System.Text;
using Microsoft.Data.Sqlite;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>A registry file is created only by registering; what is wrong with one is said with its name.</summary>
public sealed class OpeningRegistryFiles : IDisposable
{
    private readonly SqlitePlace _place = new();
    private readonly IModelRegistry _registry;

    public OpeningRegistryFiles() => _registry = _place.Open(new SettableClock());

    public void Dispose() => _place.Dispose();

    [Fact]
    public void AskingCreatesNothing()
    {
        Assert.IsType<Served.Nothing>(_registry.Serving(Name, "production"));
        Assert.Empty(_registry.History(Name, "production"));
        Assert.Empty(_registry.Versions(Name));
        Refused(RegistryFault.UnknownVersion, () => _registry.Deploy(To("production", 1)));

        Assert.Empty(Directory.GetFileSystemEntries(_place.Folder));
    }

    [Fact]
    public void AFolderThatIsMissingServesNothing() =>
        Assert.IsType<Served.Nothing>(At("no", "such", "registry.db").Serving(Name, "production"));

    [Fact]
    public void RegisteringCreatesTheFoldersOnTheWay()
    {
        At("new", "folder", "registry.db").Register(Candidate("a"));

        Assert.Single(At("new", "folder", "registry.db").Versions(Name));
    }

    [Fact]
    public void OneFileHoldsItAll()
    {
        _registry.Register(Candidate("a"));

        Assert.Equal([_place.File], Directory.GetFiles(_place.Folder));
    }

    [Fact]
    public void ThePathIsTakenLiterally()
    {
        const string odd = "it's; Mode=Memory %20 #.db";
        At(odd).Register(Candidate("a"));

        Assert.Single(At(odd).Versions(Name));
        Assert.True(File.Exists(Path.Combine(_place.Folder, odd)));
    }

    [Fact]
    public void ARelativePathIsABug()
    {
        var error = Assert.Throws<ArgumentException>(() => new SqliteModelRegistry("a.db", new SettableClock()));
        Assert.Equal("BUG: registry path 'a.db' is relative, expected a full path.", error.Message);
    }

    [Fact]
    public void AnEmptyFileIsAnEmptyRegistry()
    {
        File.WriteAllBytes(_place.File, []);

        Assert.IsType<Served.Nothing>(_registry.Serving(Name, "production"));
        Assert.Equal(0, new FileInfo(_place.File).Length);
        Assert.Equal(1, _registry.Register(Candidate("a")).Version.Number);
    }

    [Theory]
    [InlineData("UPDATE deployment SET who = 'nobody'")]
    [InlineData("DELETE FROM deployment")]
    [InlineData("UPDATE evidence SET gate = 'Passed'")]
    [InlineData("DELETE FROM metric")]
    [InlineData("DELETE FROM attachment")]
    [InlineData("UPDATE model_version SET model_hash = ''")]
    [InlineData("UPDATE annotation SET content = ''")]
    [InlineData("DELETE FROM annotation")]
    public void OtherProgramsCannotRewriteTheHistory(string sql)
    {
        _registry.Register(Candidate("a"));
        _registry.Deploy(To("production", 1));
        _registry.Annotate(On(1, new Annotation.Note("kept")));

        var refusal = Assert.Throws<SqliteException>(() => Sql(sql));
        Assert.Contains("the history of a registry is append-only", refusal.Message);
    }

    [Fact]
    public void AnotherFormatIsDamage()
    {
        File.WriteAllText(_place.File, string.Concat(Enumerable.Repeat("model,version\n", 100)));
        var bytes = File.ReadAllBytes(_place.File);

        var text =
            $"Registry '{_place.File}' is damaged: SQLite Error 26: 'file is not a database'. It was not changed. "
            + "Put a backup in its place, or move it away and register the models again: ./build.sh Register.";
        Assert.Equal(text, Refused(RegistryFault.Damaged, () => _registry.Serving(Name, "production")).Message);
        Assert.Equal(text, Refused(RegistryFault.Damaged, () => _registry.Register(Candidate("a"))).Message);
        Assert.Equal(bytes, File.ReadAllBytes(_place.File));
    }

    [Fact]
    public void OverwrittenPagesAreDamage()
    {
        _registry.Register(Candidate("a"));
        using (var file = File.OpenWrite(_place.File))
        {
            file.Position = 4096;
            file.Write(Encoding.ASCII.GetBytes(new string('x', (int)file.Length - 4096)));
        }

        Assert.Equal(
            $"Registry '{_place.File}' is damaged: SQLite Error 11: 'database disk image is malformed'. It was not "
            + "changed. Put a backup in its place, or move it away and register the models again: ./build.sh Register.",
            Refused(RegistryFault.Damaged, () => _registry.Versions(Name)).Message);
        Refused(RegistryFault.Damaged, () => _registry.Register(Candidate("b")));
    }

    [Fact]
    public void AnUnreadableValueIsDamage()
    {
        _registry.Register(Candidate("a"));
        Sql("DROP TRIGGER model_version_refuses_UPDATE; UPDATE model_version SET model_hash = 'x'");

        Assert.StartsWith(
            $"Registry '{_place.File}' is damaged: 'x' is not a content hash: expected 64 hexadecimal digits. ",
            Refused(RegistryFault.Damaged, () => _registry.Find(Name, 1)).Message);
    }

    [Fact]
    public void SomebodyElsesDatabaseIsLeftAlone()
    {
        Sql("CREATE TABLE customers (name TEXT)");

        var text = $"'{_place.File}' is a SQLite database but not a model registry. Choose another file.";
        Assert.Equal(text, Refused(RegistryFault.NotARegistry, () => _registry.Serving(Name, "production")).Message);
        Assert.Equal(text, Refused(RegistryFault.NotARegistry, () => _registry.Register(Candidate("a"))).Message);
    }

    [Fact]
    public void ANewerSchemaIsRefused()
    {
        _registry.Register(Candidate("a"));
        Sql("UPDATE registry_schema SET version = 4");

        var text = $"Registry '{_place.File}' has schema 4, expected 3 or older. "
            + "A newer MLBuild wrote it: use that one, or a registry file of your own.";
        Assert.Equal(text, Refused(RegistryFault.NewerSchema, () => _registry.Versions(Name)).Message);
        Assert.Equal(text, Refused(RegistryFault.NewerSchema, () => _registry.Register(Candidate("b"))).Message);
    }

    [Fact]
    public void ASchemaThatNeverWasIsDamage()
    {
        _registry.Register(Candidate("a"));
        Sql("UPDATE registry_schema SET version = 0");

        Assert.StartsWith(
            $"Registry '{_place.File}' is damaged: Table 'registry_schema' says schema 0, expected 1 or more. ",
            Refused(RegistryFault.Damaged, () => _registry.Versions(Name)).Message);
    }

    [Fact]
    public void AFullDiskChangesNothing()
    {
        _registry.Register(Candidate("a"));
        // SQLite reports a full disk, too, when a table that must not reuse row numbers has used the last one.
        Sql(
            """
            CREATE TABLE room (id INTEGER PRIMARY KEY AUTOINCREMENT);
            INSERT INTO room VALUES (9223372036854775807);
            CREATE TRIGGER full AFTER INSERT ON attachment BEGIN INSERT INTO room VALUES (NULL); END
            """);

        Assert.Equal(
            $"Registry '{_place.File}' was not changed: its disk is full. Free some space, then run again.",
            Refused(RegistryFault.DiskFull, () => _registry.Register(Candidate("b"))).Message);
        Assert.Single(_registry.Versions(Name));
    }

    [Fact]
    public void AReadOnlyFileCanBeReadAndSaysSoWhenWritten()
    {
        _registry.Register(Candidate("a"));
        // Byte 18 is the file format that a writer must know; SQLite treats one it does not know as read-only.
        using (var file = File.OpenWrite(_place.File))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        Assert.Single(_registry.Versions(Name));
        Assert.Equal(ReadOnlyText, Refused(RegistryFault.ReadOnly, () => _registry.Register(Candidate("b"))).Message);
        Refused(RegistryFault.ReadOnly, () => _registry.Deploy(To("production", 1)));
    }

    [UnprivilegedFact]
    public void AReadOnlyFolderCanBeReadAndSaysSoWhenWritten()
    {
        _registry.Register(Candidate("a"));
        using var _ = new Permissions(_place.Folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Single(_registry.Versions(Name));
        Assert.Equal(ReadOnlyText, Refused(RegistryFault.ReadOnly, () => _registry.Register(Candidate("b"))).Message);
    }

    [UnprivilegedFact]
    public void AFolderThatMayNotBeLookedIntoIsNotAnEmptyRegistry()
    {
        _registry.Register(Candidate("a"));
        using var _ = new Permissions(_place.Folder, UnixFileMode.None);

        Refused(RegistryFault.Unreachable, () => _registry.Serving(Name, "production"));
    }

    [Fact]
    public void AFolderInPlaceOfTheFileIsNamed()
    {
        Directory.CreateDirectory(_place.File);

        var text =
            $"Registry '{_place.File}' cannot be opened, read or written: "
            + "SQLite Error 14: 'unable to open database file'. "
            + "Check that its folder exists, that this user may write there and that the disk is sound.";
        Assert.Equal(text, Refused(RegistryFault.Unreachable, () => _registry.Serving(Name, "production")).Message);
        Assert.Equal(text, Refused(RegistryFault.Unreachable, () => _registry.Register(Candidate("a"))).Message);
    }

    [Fact]
    public void AFileInPlaceOfTheFolderIsNamed()
    {
        File.WriteAllText(Path.Combine(_place.Folder, "file"), "");

        Assert.StartsWith(
            $"Registry '{Path.Combine(_place.Folder, "file", "registry.db")}' cannot be opened, read or written: ",
            Refused(RegistryFault.Unreachable, () => At("file", "registry.db").Register(Candidate("a"))).Message);
    }

    private string ReadOnlyText =>
        $"Registry '{_place.File}' was not changed: it or its folder is read-only. "
        + "Let this user write to both, or choose another file.";

    private SqliteModelRegistry At(params string[] path) =>
        new(Path.Combine([_place.Folder, .. path]), new SettableClock());

    private void Sql(string sql) => _place.Sql(sql);
}
