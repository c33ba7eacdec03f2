namespace MLBuild.Learning.Statistics;

/// <summary>Quantiles of a stream of numbers in memory that grows with the logarithm of their count. No randomness:
/// the same numbers in the same order give the same sketch. Another order gives another, within
/// <see cref="RankError"/>. Values must be finite.</summary>
/// <remarks>Compactors as in KLL (Karnin, Lang, Liberty, Optimal Quantile Approximation in Streams, FOCS 2016): a full
/// level is sorted and every second number of it moves up with twice the weight. Which of each two moves up
/// alternates instead of being drawn, as in Manku, Rajagopalan, Lindsay (SIGMOD 1998): what one compaction adds to a
/// rank the next one takes away, so two of a level of weight w move no rank by more than w.</remarks>
public sealed class QuantileSketch
{
    /// <summary>Numbers that a level holds before it is compacted. The rank error of n numbers is at most
    /// log2(n / 256) / 512 of n: 0.8 % for 4,096 numbers, 2.4 % for a million. Up to 256 numbers are exact.</summary>
    public const int LevelSize = 256;

    private readonly List<Level> _levels = [new()];

    public long Count { get; private set; }

    /// <summary>The largest share of all numbers by which a rank can be wrong, as counted for this stream.</summary>
    public double RankError => Count == 0
        ? 0
        : _levels.Select((level, height) => (double)level.Errors * Weight(height)).Sum() / Count;

    public void Add(ReadOnlySpan<double> numbers)
    {
        Count += numbers.Length;
        while (!numbers.IsEmpty)
        {
            var level = _levels[0];
            var length = Math.Min(numbers.Length, LevelSize - level.Count);
            numbers[..length].CopyTo(level.Room(length));
            numbers = numbers[length..];
            if (level.Count == LevelSize)
                Compact(0);
        }
    }

    /// <summary>Adds a number that was seen <paramref name="times"/> times, without error.</summary>
    public void Add(double number, long times)
    {
        Count += times;
        for (var height = 0; times >> height > 0; height++)
        {
            if ((times >> height & 1) == 1)
                Put(height, new ReadOnlySpan<double>(ref number));
        }
    }

    /// <summary>Adds what another sketch has seen.</summary>
    public void Merge(QuantileSketch other)
    {
        Count += other.Count;
        for (var height = 0; height < other._levels.Count; height++)
        {
            Put(height, other._levels[height].Numbers);
            _levels[height].Errors += other._levels[height].Errors;
        }
    }

    /// <summary>The smallest number kept whose rank reaches each share, in 0..1.</summary>
    public double[] Quantiles(params ReadOnlySpan<double> shares)
    {
        var kept = new WeightedNumbers(_levels.Sum(level => level.Count));
        for (var height = 0; height < _levels.Count; height++)
        {
            foreach (var number in _levels[height].Numbers)
                kept.Add(number, Weight(height));
        }
        return kept.Quantiles(shares);
    }

    private static long Weight(int height) => 1L << height;

    private void Put(int height, ReadOnlySpan<double> numbers)
    {
        while (_levels.Count <= height)
            _levels.Add(new());
        while (!numbers.IsEmpty)
        {
            var level = _levels[height];
            var length = Math.Min(numbers.Length, LevelSize - level.Count);
            numbers[..length].CopyTo(level.Room(length));
            numbers = numbers[length..];
            if (level.Count == LevelSize)
                Compact(height);
        }
    }

    private void Compact(int height)
    {
        var level = _levels[height];
        Span<double> room = stackalloc double[LevelSize];
        var numbers = Sort(level.Numbers, room);
        Span<double> half = stackalloc double[LevelSize / 2];
        for (var i = 0; i < half.Length; i++)
            half[i] = numbers[2 * i + (level.TakesSecond ? 1 : 0)];
        level.Compacted();
        Put(height + 1, half);
    }

    // By merging runs that are sorted already: above the first level there are two.
    private static Span<double> Sort(Span<double> numbers, Span<double> room)
    {
        while (EndOfRun(numbers, 0) < numbers.Length)
        {
            for (int start = 0, end; start < numbers.Length; start = end)
            {
                var middle = EndOfRun(numbers, start);
                end = EndOfRun(numbers, middle);
                Merge(numbers[start..middle], numbers[middle..end], room[start..end]);
            }
            var merged = room;
            room = numbers;
            numbers = merged;
        }
        return numbers;
    }

    private static int EndOfRun(ReadOnlySpan<double> numbers, int start)
    {
        var end = Math.Min(start + 1, numbers.Length);
        while (end < numbers.Length && numbers[end - 1] <= numbers[end])
            end++;
        return end;
    }

    private static void Merge(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> into)
    {
        var (l, r) = (0, 0);
        for (var i = 0; i < into.Length; i++)
            into[i] = r == right.Length || (l < left.Length && left[l] <= right[r]) ? left[l++] : right[r++];
    }

    private sealed class Level
    {
        private double[] _numbers = [];

        public int Count { get; private set; }

        /// <summary>Pairs of compactions, of which each moves a rank by at most the level's weight.</summary>
        public long Errors { get; set; }

        public bool TakesSecond { get; private set; }

        public Span<double> Numbers => _numbers.AsSpan(0, Count);

        public Span<double> Room(int length)
        {
            if (_numbers.Length < Count + length)
                Array.Resize(ref _numbers, Math.Min(LevelSize, Math.Max(8, 2 * (Count + length))));
            Count += length;
            return _numbers.AsSpan(Count - length, length);
        }

        public void Compacted()
        {
            Count = 0;
            Errors += TakesSecond ? 0 : 1;
            TakesSecond = !TakesSecond;
        }
    }
}
