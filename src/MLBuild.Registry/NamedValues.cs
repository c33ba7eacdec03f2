using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MLBuild.Registry;

/// <summary>A few immutable values by name, shown in the order they were given. Two are equal when they give the same
/// names the same values: order is for people.</summary>
public sealed class NamedValues<T> : IReadOnlyCollection<KeyValuePair<string, T>>, IEquatable<NamedValues<T>>
    where T : notnull, IEquatable<T>
{
    private readonly OrderedDictionary<string, T> _values = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public NamedValues(IEnumerable<KeyValuePair<string, T>> values)
    {
        foreach (var (name, value) in values)
            _values.Add(name, value);
    }

    public static NamedValues<T> None { get; } = new([]);

    public int Count => _values.Count;

    /// <exception cref="KeyNotFoundException">Nothing has that name.</exception>
    public T this[string name] => _values[name];

    public bool TryGetValue(string name, [MaybeNullWhen(false)] out T value) => _values.TryGetValue(name, out value);

    public bool Equals(NamedValues<T>? other) =>
        other is not null
        && Count == other.Count
        && this.All(pair => other.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value));

    public override bool Equals(object? obj) => Equals(obj as NamedValues<T>);

    public override int GetHashCode() =>
        this.Aggregate(Count, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
