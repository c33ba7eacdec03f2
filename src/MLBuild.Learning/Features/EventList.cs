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

/// <summary>The events of one key in the order of their times. A question is answered from sums of blocks, and of
/// blocks of blocks, where all of one may be known, and event by event elsewhere: in steps that grow with the logarithm
/// of the number of events. Sums are exact, so all ways give the same bits.</summary>
internal sealed class EventList
{
    private const int BlockSize = 64;

    private readonly HistoryEvent[] _events;

    // At 0 of 64 events each, at 1 of 64 of those each, and so on; what is left over is in no block.
    private readonly List<Block[]> _levels = [];

    /// <param name="events">In any order. Taken over.</param>
    public EventList(HistoryEvent[] events)
    {
        _events = events;
        Array.Sort(_events);
        var level = BlocksOf(_events, Block.Of);
        while (level.Length > 0)
        {
            _levels.Add(level);
            level = BlocksOf(level, Block.Of);
        }
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
            if (LargestKnown(i, end, moment) is { } block)
            {
                (count, min, max) = (count + block.Count, Math.Min(min, block.Min), Math.Max(max, block.Max));
                sum?.Add(block.Sum);
                i += block.Count;
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

    // The largest block that begins at a place and ends before another, all of which was known before a moment.
    private Block? LargestKnown(int at, int end, long moment)
    {
        Block? largest = null;
        var size = BlockSize;
        foreach (var level in _levels)
        {
            if (at % size != 0 || end - at < size || level[at / size] is var block && block.LastKnownAt >= moment)
                break;
            largest = level[at / size];
            size *= BlockSize;
        }
        return largest;
    }

    private static Block[] BlocksOf<T>(T[] parts, Func<T[], Block> of) =>
        [.. parts.Chunk(BlockSize).Where(chunk => chunk.Length == BlockSize).Select(of)];

    private sealed record Block(int Count, long LastKnownAt, double Min, double Max, ExactSum Sum)
    {
        public static Block Of(HistoryEvent[] events)
        {
            var sum = new ExactSum();
            foreach (var one in events)
                sum.Add(one.Value);
            return new(events.Length, events.Max(one => one.KnownAt), events.Min(one => one.Value),
                events.Max(one => one.Value), sum);
        }

        public static Block Of(Block[] blocks)
        {
            var sum = new ExactSum();
            foreach (var block in blocks)
                sum.Add(block.Sum);
            return new(blocks.Sum(block => block.Count), blocks.Max(block => block.LastKnownAt),
                blocks.Min(block => block.Min), blocks.Max(block => block.Max), sum);
        }
    }
}
