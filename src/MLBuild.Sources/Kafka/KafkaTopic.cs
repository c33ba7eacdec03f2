using System.Globalization;

namespace MLBuild.Sources.Kafka;

/// <summary>A topic, and the slices it is read in: their boundaries are multiples of <see cref="SliceOffsets"/>, so all
/// but the last of a partition are closed for ever.</summary>
public sealed record KafkaTopic(string Name)
{
    /// <summary>Offsets per slice, with or without an event. From 1, default 100,000. Another value makes other slices
    /// of everything.</summary>
    public long SliceOffsets { get; init; } = 100_000;

    /// <summary>The offset that partitions are read from. From 0, the default. It stays while events behind it expire:
    /// slices that were fetched are kept, and are part of the input only while they are listed.</summary>
    public long From { get; init; }

    /// <summary>Partitions that are read from another offset than <see cref="From"/>.</summary>
    public IReadOnlyList<KafkaStart> Starts { get; init; } = [];

    /// <summary>Which events of transactions are read. Default those of committed ones.</summary>
    public KafkaIsolation Isolation { get; init; } = KafkaIsolation.ReadCommitted;

    /// <exception cref="ArgumentException">The message names every member that is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Name.Length == 0)
            faults.Add("Name is empty, expected the name of a topic");
        if (SliceOffsets < 1)
            faults.Add(FormattableString.Invariant($"SliceOffsets is {SliceOffsets}, expected at least 1"));
        if (From < 0)
            faults.Add(FormattableString.Invariant($"From is {From}, expected at least 0"));
        foreach (var start in Starts.Where(start => start.Partition < 0 || start.Offset < 0))
            faults.Add($"Starts has {start}, expected numbers from 0");
        foreach (var partition in Starts.GroupBy(start => start.Partition).Where(group => group.Count() > 1))
            faults.Add(FormattableString.Invariant($"Starts has partition {partition.Key} more than once"));
        if (faults.Count > 0)
            throw new ArgumentException($"Topic '{Name}' cannot be sliced: {string.Join("; ", faults)}.");
    }
}

/// <summary>Where to read one partition from.</summary>
public sealed record KafkaStart(int Partition, long Offset)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"partition {Partition} at {Offset}");
}

/// <summary>Which events of transactions are read.</summary>
public enum KafkaIsolation
{
    /// <summary>Those of committed transactions; a slice ends before the first that is undecided.</summary>
    ReadCommitted,

    /// <summary>All, even of transactions that were or will be aborted.</summary>
    ReadUncommitted,
}
