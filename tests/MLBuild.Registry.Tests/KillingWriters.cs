using System.Globalization;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Several processes use one file, and some die: what was acknowledged stays, nothing else appears.</summary>
public sealed class KillingWriters : IDisposable
{
    private readonly SqlitePlace _place = new();
    private readonly IModelRegistry _registry;

    public KillingWriters() => _registry = _place.Open(new SettableClock());

    public void Dispose() => _place.Dispose();

    [Fact]
    public void TwoProcessesRegisterWithoutGaps()
    {
        using var one = WriterProcess.Registering(_place.File, "one ", 15);
        using var other = WriterProcess.Registering(_place.File, "other ", 15);

        Assert.Equal(Enumerable.Range(1, 30), Numbers(one.ReadToEnd()).Concat(Numbers(other.ReadToEnd())).Order());
        Assert.Equal(30, _registry.Versions(Name).Count);
    }

    [Fact]
    public void AcknowledgedVersionsSurviveAKill()
    {
        List<string> acknowledged;
        using (var writer = WriterProcess.Registering(_place.File, "model ", int.MaxValue))
        {
            acknowledged = [.. Enumerable.Range(0, 5).Select(_ => writer.ReadLine()!)];
            writer.Kill();
            acknowledged.AddRange(writer.ReadToEnd());
        }

        var versions = _registry.Versions(Name).Select(version => version.Number).ToList();
        Assert.Equal(Enumerable.Range(1, versions.Count), versions);
        // One more than was printed when the kill came between the commit and the line.
        Assert.InRange(versions.Count - Numbers(acknowledged).Max(), 0, 1);
        Assert.Equal(versions.Count + 1, _registry.Register(Candidate("the next")).Version.Number);
    }

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
    public void AWriterThatStopsBlocksWritersButNotReaders()
    {
        _registry.Register(Candidate("a"));
        using var writer = WriterProcess.StoppedWhileRegistering(_place.File);
        Assert.Equal("stopped", writer.ReadLine());
        var impatient = new SqliteModelRegistry(_place.File, new SettableClock(), busyTimeoutSeconds: 1);

        Assert.Single(impatient.Versions(Name));
        Assert.Equal(
            $"Registry '{_place.File}' is busy: another process has been writing to it for 1 s. "
            + "Wait for that build or server, then run again.",
            Refused(RegistryFault.Busy, () => impatient.Register(Candidate("b"))).Message);
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

    private static IEnumerable<int> Numbers(IEnumerable<string> lines) =>
        lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture));
}
