using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Drift;

/// <summary>What a watched column is to the model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureRole>))]
public enum FeatureRole
{
    /// <summary>An input of the model.</summary>
    Feature,

    /// <summary>The model's score.</summary>
    Prediction,
}

/// <summary>What is kept of one feature of the data a model was trained on, so that later data can be compared with
/// it: bins that later values are sorted into, and how many reference rows each holds.</summary>
/// <remarks>JSON: serialises as <see cref="FeatureProfile"/> (which writes the kind) without any options; equal data
/// gives equal text. It has names of categories in it, so it is as confidential as the data.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(NumericProfile), "Numeric")]
[JsonDerivedType(typeof(CategoricalProfile), "Categorical")]
public abstract record FeatureProfile
{
    private protected FeatureProfile()
    {
    }

    [JsonPropertyOrder(-4)]
    public required string Name { get; init; }

    [JsonPropertyOrder(-3)]
    public required FeatureRole Role { get; init; }

    /// <summary>All rows seen, those without a value included.</summary>
    [JsonPropertyOrder(-2)]
    public required long RowCount { get; init; }

    [JsonPropertyOrder(-1)]
    public required long NullCount { get; init; }

    /// <summary>Rows counted in each bin: the three quarters of the reference rows that did not choose the bins, or
    /// of a sample of them (see <see cref="ProfileOptions.SampleRows"/>). Their sum is the n of every test.</summary>
    [JsonPropertyOrder(1)]
    public required ImmutableArray<long> BinCounts { get; init; }

    /// <summary>What the feature is called for people: its name, and of a slot of words those that are in it.</summary>
    [JsonIgnore]
    public virtual string Title => Name;

    /// <summary>How many bins later values are sorted into.</summary>
    public abstract int BinCount { get; }

    /// <summary>The bin's values, for people: <c>(2.5, 4]</c>, <c>'Queens'</c>, <c>null</c>.</summary>
    public abstract string BinLabel(int bin);

    /// <summary>A counter for later values of this feature, empty.</summary>
    public abstract BinCounter NewCounter();
}
