using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A table has the same bytes and the same times on a machine whose clock shows New York's time.</summary>
[Collection(nameof(AloneBecauseItChangesTheTimeZone))]
public sealed class TimesInOtherZones : IDisposable
{
    private const string NewYork = "America/New_York";

    private readonly TempFolder _folder = new();
    private readonly string? _zone = Environment.GetEnvironmentVariable("TZ");

    public void Dispose()
    {
        Use(_zone);
        _folder.Dispose();
    }

    [OtherZonesFact]
    public void ATableIsTheSameOnAMachineInAnotherZone()
    {
        Use("UTC");
        RowTable.Write(_folder["utc.parquet"], Sample.Rows(1_000));
        Use(NewYork);
        Assert.Equal(TimeSpan.FromHours(-5), TimeZoneInfo.Local.BaseUtcOffset);
        RowTable.Write(_folder["ny.parquet"], Sample.Rows(1_000));
        Assert.Equal(File.ReadAllBytes(_folder["utc.parquet"]), File.ReadAllBytes(_folder["ny.parquet"]));
        Assert.Equal(Sample.Rows(1_000), RowTable.Read<Sample>(_folder["utc.parquet"]));
        RowTable.Write(_folder["copy.parquet"], RowTable.Read<Sample>(_folder["utc.parquet"]));
        Assert.Equal(File.ReadAllBytes(_folder["utc.parquet"]), File.ReadAllBytes(_folder["copy.parquet"]));
    }

    [OtherZonesFact]
    public void ATimeIsWhatItShowsWhateverItsKind()
    {
        Use(NewYork);
        var expected = Write(DateTimeKind.Unspecified);
        Assert.Equal(expected, Write(DateTimeKind.Utc));
        Assert.Equal(expected, Write(DateTimeKind.Local));
        var read = RowTable.Read<Sample>(_folder["t.parquet"]).Single().Row;
        Assert.Equal((new DateTime(2019, 7, 1, 12, 0, 0), DateTimeKind.Unspecified), (read.Time, read.Time.Kind));
        Assert.Equal((read.Time, read.Time.Kind), (read.TimeOrNone, read.TimeOrNone?.Kind));
    }

    private byte[] Write(DateTimeKind kind)
    {
        var time = new DateTime(2019, 7, 1, 12, 0, 0, kind);
        RowTable.Write<Sample>(_folder["t.parquet"], [new(new() { Time = time, TimeOrNone = time }, "a.csv", 2)]);
        return File.ReadAllBytes(_folder["t.parquet"]);
    }

    private static void Use(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }

    /// <summary>Runs where a process can change its time zone.</summary>
    private sealed class OtherZonesFactAttribute : FactAttribute
    {
        public OtherZonesFactAttribute()
        {
            if (OperatingSystem.IsWindows() || !TimeZoneInfo.TryFindSystemTimeZoneById(NewYork, out _))
                Skip = "this system has no time zones that a process can choose by TZ";
        }
    }
}

/// <summary>Tests that no other test may run beside.</summary>
[CollectionDefinition(nameof(AloneBecauseItChangesTheTimeZone), DisableParallelization = true)]
public sealed class AloneBecauseItChangesTheTimeZone;
