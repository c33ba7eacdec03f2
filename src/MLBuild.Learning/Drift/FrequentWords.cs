using System.Collections.Immutable;

namespace MLBuild.Learning.Drift;

/// <summary>The most frequent words of one slot, in bounded memory: each that makes up more than 1/33 of all that
/// counts there is kept, with at most that part of it missing from its count.</summary>
/// <remarks>Numbers and names that are in one text each pass through a slot in any number and leave room for those that
/// come again: Misra and Gries, "Finding repeated elements", Science of Computer Programming 2, 1982.</remarks>
internal sealed class FrequentWords
{
    private const int MostKept = 32;

    /// <summary>Fewest rows of a word that is told: what fewer have may be a person's name, and says little.</summary>
    private const int LeastRows = 5;

    /// <summary>Most words that are told.</summary>
    private const int MostTold = 8;

    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

    /// <summary>Counts rows that have the word.</summary>
    public void Add(string word, long rows = 1)
    {
        _rows[word] = _rows.GetValueOrDefault(word) + rows;
        if (_rows.Count <= MostKept)
            return;
        var least = _rows.Values.Min();
        foreach (var kept in _rows.Keys.ToArray())
        {
            if ((_rows[kept] -= least) == 0)
                _rows.Remove(kept);
        }
    }

    /// <summary>The most frequent first, equally frequent ones in ordinal order.</summary>
    public ImmutableArray<CategoryCount> Most =>
    [
        .. _rows.Where(pair => pair.Value >= LeastRows)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(MostTold).Select(pair => new CategoryCount(pair.Key, pair.Value)),
    ];
}
