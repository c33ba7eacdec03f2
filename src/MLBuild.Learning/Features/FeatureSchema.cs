using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Features;

/// <summary>How a feature's values are to be read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
public enum FeatureKind
{
    /// <summary>Order and distance have meaning.</summary>
    Numeric,

    /// <summary>A code: only equality has meaning, although trees may still split it by order.</summary>
    Categorical,
}

/// <summary>The name and the kind of one feature.</summary>
public sealed record FeatureColumn(
    [property: JsonPropertyName("name"), JsonRequired] string Name,
    [property: JsonPropertyName("kind"), JsonRequired] FeatureKind Kind)
{
    public override string ToString() => $"{Name} ({Kind})";
}

/// <summary>The features that a model takes, in the order in which it takes them. Stored with every model and compared
/// with what the code computes before the model sees a row.</summary>
public sealed class FeatureSchema : IEquatable<FeatureSchema>
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    /// <exception cref="ArgumentException">There is no feature, or two share a name.</exception>
    public FeatureSchema(IEnumerable<FeatureColumn> columns)
    {
        Columns = [.. columns];
        if (Columns.Count == 0)
            throw new ArgumentException("A feature schema needs at least one feature.");
        var doubled = Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(group => group.Count() > 1);
        if (doubled.Select(group => $"'{group.Key}'").ToArray() is { Length: > 0 } names)
            throw new ArgumentException($"Features share a name: {string.Join(", ", names)}. Give each its own.");
    }

    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The number of features: the length of the vector that a model takes.</summary>
    public int Width => Columns.Count;

    public IEnumerable<string> Names => Columns.Select(column => column.Name);

    /// <summary>Throws unless <paramref name="actual"/> has exactly these features in this order.</summary>
    /// <exception cref="FeatureSchemaException">It has not; the message names every difference.</exception>
    public void Demand(FeatureSchema actual)
    {
        if (Differences(actual) is { Count: > 0 } differences)
            throw new FeatureSchemaException(
                $"The features computed are not those the model was trained with: {string.Join("; ", differences)}. "
                + "Train again, or use the feature code that the model was trained with.");
    }

    /// <summary>One indented object per feature, the same bytes on every machine.</summary>
    public string ToJson() => JsonSerializer.Serialize(Columns, Json) + "\n";

    /// <exception cref="FormatException">The text is not a feature schema.</exception>
    public static FeatureSchema FromJson(string json)
    {
        try
        {
            var columns = JsonSerializer.Deserialize<FeatureColumn[]>(json, Json);
            return columns is not null && columns.All(column => column is { Name: not null })
                ? new(columns)
                : throw new FormatException("This is not a feature schema: a feature has no name.");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new FormatException($"This is not a feature schema: {error.Message}", error);
        }
    }

    public bool Equals(FeatureSchema? other) => other is not null && Columns.SequenceEqual(other.Columns);

    public override bool Equals(object? obj) => Equals(obj as FeatureSchema);

    public override int GetHashCode() => Columns.Aggregate(0, (hash, column) => HashCode.Combine(hash, column));

    private List<string> Differences(FeatureSchema actual)
    {
        var differences = new List<string>();
        var wanted = Names.ToHashSet(StringComparer.Ordinal);
        var found = actual.Columns.ToDictionary(column => column.Name, column => column.Kind, StringComparer.Ordinal);

        differences.AddRange(Said(Names.Where(name => !found.ContainsKey(name)), "missing"));
        differences.AddRange(Said(actual.Names.Where(name => !wanted.Contains(name)), "extra"));
        differences.AddRange(
            from column in Columns
            where found.TryGetValue(column.Name, out var kind) && kind != column.Kind
            select $"'{column.Name}' is {found[column.Name]}, expected {column.Kind}");

        // Order is compared among the shared features only: one extra feature in front displaces nobody.
        var expectedOrder = Names.Where(found.ContainsKey).ToArray();
        var actualOrder = actual.Names.Where(wanted.Contains).ToArray();
        differences.AddRange(
            from pair in expectedOrder.Zip(actualOrder)
            where pair.First != pair.Second
            select $"'{pair.Second}' stands where '{pair.First}' is expected");
        return differences;

        static IEnumerable<string> Said(IEnumerable<string> names, string what) => FeatureNames.Ranges(names)
            .Select(range => $"{range.In(name => $"'{name}'")} {(range.IsOne ? "is" : "are")} {what}");
    }
}

/// <summary>The features computed are not those that a model takes. Scores of such rows would be wrong
/// silently.</summary>
public sealed class FeatureSchemaException(string message) : Exception(message);
