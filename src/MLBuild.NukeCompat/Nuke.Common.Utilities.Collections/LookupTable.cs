#nullable disable
using System.Collections;

namespace Nuke.Common.Utilities.Collections;

/// <summary>Several values by key. A key without values reads as an empty list.</summary>
public class LookupTable<TKey, TValue>(Dictionary<TKey, List<TValue>> dictionary) : ILookup<TKey, TValue>
{
    public LookupTable()
        : this(new Dictionary<TKey, List<TValue>>())
    {
    }

    public int Count => dictionary.Count;

    public IEnumerable<TValue> this[TKey key] =>
        dictionary.TryGetValue(key, out var values) ? values : Enumerable.Empty<TValue>();

    public void Add(TKey key, TValue value) => AddRange(key, [value]);

    public void AddRange(TKey key, IEnumerable<TValue> values)
    {
        if (!dictionary.TryGetValue(key, out var present))
            dictionary[key] = present = [];
        present.AddRange(values);
    }

    public void Clear() => dictionary.Clear();

    public bool Contains(TKey key) => dictionary.ContainsKey(key);

    public IEnumerator<IGrouping<TKey, TValue>> GetEnumerator() =>
        dictionary
            .SelectMany(pair => pair.Value, (pair, value) => (pair.Key, value))
            .GroupBy(pair => pair.Key, pair => pair.value)
            .GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
