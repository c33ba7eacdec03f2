using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>What a killed writer leaves of a SQLite file is rolled back by whoever comes next.</summary>
public sealed class KillingWriters : IDisposable
{
    private readonly SqlitePlace _place = new();
    private readonly IModelRegistry _registry;

    public KillingWriters() => _registry = _place.Open(new SettableClock());

    public void Dispose() => _place.Dispose();

    [Fact]
    public void AWriterKilledBeforeItsCommitLeavesThePreviousState()
    {
        _registry.Register(Candidate("a"));
        var before = File.ReadAllBytes(_place.File);

        using (var writer = WriterProcess.StoppedWhileRegistering(_place.File))
            Assert.Equal("stopped", writer.ReadLine());

        Assert.Equal(before, File.ReadAllBytes(_place.File));
        Assert.Equal(2, _registry.Register(Candidate("b")).Version.Number);
    }

    [Fact]
    public void AWriterKilledWhileItCreatesTheFileLeavesNothingRegistered()
    {
        using (var writer = WriterProcess.StoppedWhileRegistering(_place.File))
            Assert.Equal("stopped", writer.ReadLine());

        Assert.True(File.Exists(_place.File));
        Assert.Empty(_registry.Versions(Name));
        Assert.IsType<Served.Nothing>(_registry.Serving(Name, "production"));
        Assert.Equal(1, _registry.Register(Candidate("a")).Version.Number);
    }

    [Fact]
    public void AHalfWrittenFileIsRolledBackByTheNextReader()
    {
        var history = ServeAndKillAHalfWriter();

        Assert.Equal(1, _registry.ServingNumber("production"));
        Assert.Equal(history, _registry.History(Name, "production"));
        Assert.False(File.Exists(_place.File + "-journal"));
        Assert.Equal(2, Assert.IsType<Deployed.Changed>(_registry.Deploy(To("production", 2))).Deployment.Position);
    }

    [UnprivilegedFact]
    public void AHalfWrittenFileThatMayNotBeRolledBackIsNamed()
    {
        ServeAndKillAHalfWriter();
        using var _ = new Permissions(_place.File, UnixFileMode.UserRead);

        Assert.Equal(
            $"Registry '{_place.File}' was left half-written by a process that died, and is read-only here, "
            + "so it cannot be rolled back. Read it once where it may be written.",
            Refused(RegistryFault.ReadOnly, () => _registry.Serving(Name, "production")).Message);
    }

    [Fact]
    public void AWriterThatStopsIsNamedToThoseWhoWait()
    {
        _registry.Register(Candidate("a"));
        using var writer = WriterProcess.StoppedWhileRegistering(_place.File);
        Assert.Equal("stopped", writer.ReadLine());

        Assert.Equal(
            $"Registry '{_place.File}' is busy: another process has been writing to it for 1 s. "
            + "Wait for that build or server, then run again.",
            Refused(
                RegistryFault.Busy,
                () => _place.Open(new SettableClock(), busyTimeoutSeconds: 1).Register(Candidate("b"))).Message);
    }

    private IReadOnlyList<Deployment> ServeAndKillAHalfWriter()
    {
        _registry.Register(Candidate("a"));
        _registry.Register(Candidate("b"));
        _registry.Deploy(To("production", 1));
        var history = _registry.History(Name, "production");
        var before = File.ReadAllBytes(_place.File);

        using (var writer = WriterProcess.StoppedHalfWritten(_place.File))
            Assert.Equal("stopped", writer.ReadLine());

        Assert.NotEqual(before, File.ReadAllBytes(_place.File));
        Assert.True(File.Exists(_place.File + "-journal"));
        return history;
    }
}
