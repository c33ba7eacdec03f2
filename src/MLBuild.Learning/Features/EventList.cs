using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Features;

/// <summary>One thing that happened. 24 bytes.</summary>
/// <param name="At">When, in ticks.</param>
/// <param name="KnownAt">When it had arrived, in ticks.</param>
internal readonly record struct HistoryEvent(long At, long KnownAt, double Value) : IComparable<HistoryEvent>
{
    // By their bits in the end, so that the same events are in one order, however they came.
    public int CompareTo(HistoryEvent other) => At != other.At ? At.CompareTo(other.At)
        : KnownAt != other.KnownAt ? KnownAt.CompareTo(other.KnownAt)
        : BitConverter.DoubleToInt64Bits(Value).CompareTo(BitConverter.DoubleToInt64Bits(other.Value));
}

/// <summary>The events of one key in the order of their times. A question is answered from sums of blocks where a whole
/// block may be known, and event by event elsewhere; sums are exact, so both give the same bits.</summary>
internal sealed class EventList
{
    private const int BlockSize = 64;

    private readonly HistoryEvent[] _events;
    private readonly Block[] _blocks;

    public EventList(IEnumerable<HistoryEvent> events)
    {
        _events = [.. events];
        Array.Sort(_events);
        _blocks = [.. _events.Chunk(BlockSize).Where(chunk => chunk.Length == BlockSize).Select(Block.Of)];
    }

    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>Sums up the events that happened from <paramref name="from"/> on and before <paramref name="moment"/>,
    /// and that were known before <paramref name="moment"/>. Times in ticks.</summary>
    public double Aggregate(Aggregation aggregation, long from, long moment)
    {
        var (count, min, max) = (0L, double.PositiveInfinity, double.NegativeInfinity);
        var sum = aggregation is Aggregation.Sum or Aggregation.Mean ? new ExactSum() : null;
        var end = FirstAtOrAfter(moment);
        for (var i = FirstAtOrAfter(from); i < end;)
        {
            if (i % BlockSize == 0 && i + BlockSize <= end && _blocks[i / BlockSize] is var block
                && block.LastKnownAt < moment)
            {
                (count, min, max) = (count + BlockSize, Math.Min(min, block.Min), Math.Max(max, block.Max));
                sum?.Add(block.Sum);
                i += BlockSize;
                continue;
            }
            var one = _events[i++];
            if (one.KnownAt >= moment)
                continue;
            (count, min, max) = (count + 1, Math.Min(min, one.Value), Math.Max(max, one.Value));
            sum?.Add(one.Value);
        }
        return aggregation switch
        {
            Aggregation.Count => count,
            Aggregation.Sum => sum!.Value,
            _ when count == 0 => double.NaN,
            Aggregation.Mean => sum!.Value / count,
            Aggregation.Min => min,
            Aggregation.Max => max,
            _ => throw new InvalidOperationException($"BUG: unknown aggregation {aggregation}."),
        };
    }

    private int FirstAtOrAfter(long at)
    {
        var (low, high) = (0, _events.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_events[middle].At < at)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private sealed record Block(long LastKnownAt, double Min, double Max, ExactSum Sum)
    {
        public static Block Of(HistoryEvent[] events)
        {
            var sum = new ExactSum();
            foreach (var one in events)
                sum.Add(one.Value);
            return new(
                events.Max(one => one.KnownAt), events.Min(one => one.Value), events.Max(one => one.Value), sum);
        }
    }
}
