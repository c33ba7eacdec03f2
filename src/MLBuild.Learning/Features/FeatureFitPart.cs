using System.Runtime.InteropServices;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Features;

/// <summary>One part of a state while rows are still being added to it.</summary>
internal abstract class FeatureFitPart<TRow>
{
    public abstract void Add(TRow row, RowKey key);

    public abstract FeatureStatePart Complete();

    /// <param name="what">The feature or history, and what of it the number is.</param>
    protected static void DemandSummable(string what, double number, RowKey key)
    {
        if (!(Math.Abs(number) <= ExactSum.Largest))
            throw new ArgumentException(FormattableString.Invariant(
                $"{what} of row {key} is {number}, expected a finite number up to 1e290. ")
                + "Let it be null for a row that tells nothing.");
    }
}

/// <summary>Counts rows per category.</summary>
internal sealed class CountFit<TRow>(Func<TRow, string?> category) : FeatureFitPart<TRow>
{
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

    public override void Add(TRow row, RowKey key)
    {
        if (category(row) is { } of)
            CollectionsMarshal.GetValueRefOrAddDefault(_rows, of, out _)++;
    }

    public override FeatureStatePart Complete() => new FeatureStatePart.Categories(_rows.Values.Sum(), 0,
        _rows.ToDictionary(pair => pair.Key, pair => new CategoryFigures(pair.Value, 0), StringComparer.Ordinal));
}

/// <summary>Counts and sums per category, in folds of the rows' keys. About half a kilobyte for each category while it
/// is being fitted.</summary>
/// <remarks>A row's own encoding is the mean over the other folds, so its label has no part in it. Leaving out the row
/// alone would not do: within a category the mean without a row falls as the row's own label rises, and a tree reads
/// the label off it. Equal keys share a fold, so copies of a row do not tell on it either.</remarks>
internal sealed class CategoryFit<TRow>(string name, Func<TRow, string?> category, Func<TRow, double?> target)
    : FeatureFitPart<TRow>
{
    public const int FoldCount = 5;

    private readonly Dictionary<string, Fold[]> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CategoryFigures[]> _without = new(StringComparer.Ordinal);
    private readonly CategoryFigures[] _allWithout = new CategoryFigures[FoldCount];

    public override void Add(TRow row, RowKey key)
    {
        if (category(row) is not { } of || target(row) is not { } value)
            return;
        DemandSummable($"Feature '{name}': the target", value, key);
        if (!_categories.TryGetValue(of, out var folds))
            _categories[of] = folds = NewFolds();
        var fold = folds[FoldOf(key)];
        fold.Rows++;
        fold.Sum.Add(value);
    }

    public override FeatureStatePart Complete()
    {
        var all = NewFolds();
        var figures = new Dictionary<string, CategoryFigures>(StringComparer.Ordinal);
        foreach (var (of, folds) in _categories)
        {
            figures[of] = Sum(folds);
            _without[of] = [.. Enumerable.Range(0, FoldCount).Select(left => Sum(folds.Where((_, i) => i != left)))];
            for (var i = 0; i < FoldCount; i++)
            {
                all[i].Rows += folds[i].Rows;
                all[i].Sum.Add(folds[i].Sum);
            }
        }
        for (var left = 0; left < FoldCount; left++)
            _allWithout[left] = Sum(all.Where((_, i) => i != left));
        var whole = Sum(all);
        return new FeatureStatePart.Categories(whole.Rows, whole.Sum, figures);
    }

    /// <summary>All rows of the folds that a row is not in.</summary>
    public CategoryFigures Without(RowKey key) => _allWithout[FoldOf(key)];

    /// <summary>The rows of a category in those folds.</summary>
    public CategoryFigures? Without(string of, RowKey key) => _without.GetValueOrDefault(of)?[FoldOf(key)];

    // Of the key's own bits, while a split hashes it once more: sides and folds have nothing to do with each other.
    private static int FoldOf(RowKey key) => (int)(key.Value % FoldCount);

    private static Fold[] NewFolds() => [.. Enumerable.Range(0, FoldCount).Select(_ => new Fold())];

    private static CategoryFigures Sum(IEnumerable<Fold> folds)
    {
        var (rows, sum) = (0L, new ExactSum());
        foreach (var fold in folds)
        {
            rows += fold.Rows;
            sum.Add(fold.Sum);
        }
        return new(rows, sum.Value);
    }

    private sealed class Fold
    {
        public long Rows { get; set; }

        public ExactSum Sum { get; } = new();
    }
}

/// <summary>The events of each key: 24 bytes for each row that tells of one, twice that while lists grow.</summary>
internal sealed class HistoryFit<TRow>(History<TRow> history) : FeatureFitPart<TRow>
{
    private readonly Dictionary<string, List<HistoryEvent>> _events = new(StringComparer.Ordinal);

    public override void Add(TRow row, RowKey key)
    {
        if (history.Key(row) is not { } of || history.Value(row) is not { } value
            || history.KnownAt(row) is not { } knownAt)
            return;
        DemandSummable($"History '{history.Name}': the value", value, key);
        if (!_events.TryGetValue(of, out var list))
            _events[of] = list = [];
        list.Add(new(history.At(row).Ticks, knownAt.Ticks, value));
    }

    public override FeatureStatePart Complete()
    {
        var lists = new Dictionary<string, EventList>(StringComparer.Ordinal);
        foreach (var (of, events) in _events)
        {
            lists[of] = new([.. events]);
            events.Clear();
            events.TrimExcess();
        }
        return new FeatureStatePart.Events(lists);
    }
}
