using System.Globalization;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: several processes use one registry, and some die. What was acknowledged stays, nothing else
/// appears.</summary>
public abstract class SharingWithProcesses<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private readonly TPlace _place = new();
    private readonly IModelRegistry _registry;

    protected SharingWithProcesses() => _registry = _place.Open(new SettableClock());

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void TwoProcessesRegisterWithoutGaps()
    {
        using var one = WriterProcess.Registering(_place.Argument, "one ", 15);
        using var other = WriterProcess.Registering(_place.Argument, "other ", 15);

        Assert.Equal(Enumerable.Range(1, 30), Numbers(one.ReadToEnd()).Concat(Numbers(other.ReadToEnd())).Order());
        Assert.Equal(30, _registry.Versions(Name).Count);
    }

    [ContractFact]
    public void AcknowledgedVersionsSurviveAKill()
    {
        List<string> acknowledged;
        using (var writer = WriterProcess.Registering(_place.Argument, "model ", int.MaxValue))
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

    [ContractFact]
    public void AWriterKilledBeforeItsCommitChangesNothing()
    {
        _registry.Register(Candidate("a"));
        using (var writer = WriterProcess.StoppedWhileRegistering(_place.Argument))
            Assert.Equal("stopped", writer.ReadLine());

        Assert.Single(_registry.Versions(Name));
        Assert.Equal(2, _registry.Register(Candidate("b")).Version.Number);
    }

    [ContractFact]
    public void AWriterKilledWhileItCreatesTheTablesLeavesNothing()
    {
        using (var writer = WriterProcess.StoppedWhileRegistering(_place.Argument))
            Assert.Equal("stopped", writer.ReadLine());

        Assert.Empty(_registry.Versions(Name));
        Assert.IsType<Served.Nothing>(_registry.Serving(Name, "production"));
        Assert.Equal(1, _registry.Register(Candidate("a")).Version.Number);
    }

    [ContractFact]
    public void AWriterThatStopsBlocksWritersButNotReaders()
    {
        _registry.Register(Candidate("a"));
        using var writer = WriterProcess.StoppedWhileRegistering(_place.Argument);
        Assert.Equal("stopped", writer.ReadLine());
        var impatient = _place.Open(new SettableClock(), busyTimeoutSeconds: 1);

        Assert.Single(impatient.Versions(Name));
        Refused(RegistryFault.Busy, () => impatient.Register(Candidate("b")));
        writer.Kill();
        Assert.Equal(2, _registry.Register(Candidate("b")).Version.Number);
    }

    private static IEnumerable<int> Numbers(IEnumerable<string> lines) =>
        lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture));
}

public sealed class SharingWithProcessesInSqlite : SharingWithProcesses<SqlitePlace>;

public sealed class SharingWithProcessesInPostgreSql : SharingWithProcesses<PostgreSqlPlace>;
