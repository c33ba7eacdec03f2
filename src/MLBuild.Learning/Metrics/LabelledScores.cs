namespace MLBuild.Learning.Metrics;

/// <summary>The scores of positive and of negative rows, 8 bytes a row: what depends on the order of all scores needs
/// all of them.</summary>
internal sealed class LabelledScores
{
    private readonly List<double> _positive = [];
    private readonly List<double> _negative = [];

    public long PositiveCount => _positive.Count;

    public long NegativeCount => _negative.Count;

    /// <param name="isPositive">The row's label.</param>
    /// <param name="score">A finite number.</param>
    public void Add(bool isPositive, double score) => (isPositive ? _positive : _negative).Add(score);

    /// <summary>The rows by rising score, those of equal score together.</summary>
    public IEnumerable<ScoreTie> Rising()
    {
        _positive.Sort();
        _negative.Sort();
        var (p, n) = (0, 0);
        while (p < _positive.Count || n < _negative.Count)
        {
            var score = n == _negative.Count || (p < _positive.Count && _positive[p] <= _negative[n])
                ? _positive[p]
                : _negative[n];
            var (firstPositive, firstNegative) = (p, n);
            while (p < _positive.Count && _positive[p] == score)
                p++;
            while (n < _negative.Count && _negative[n] == score)
                n++;
            yield return new(score, p - firstPositive, n - firstNegative);
        }
    }
}
