namespace MLBuild.Learning.Gates;

/// <summary>The rows on which a metric is measured: all of them, or those with one value in one column.</summary>
public sealed record Slice
{
    private Slice(string name) => Name = name;

    /// <summary>All rows of the evaluation.</summary>
    public static Slice Overall { get; } = new("overall");

    /// <summary>"overall" or "borough=Queens".</summary>
    public string Name { get; }

    /// <summary>The rows whose <paramref name="column"/> has this value.</summary>
    public static Slice Of(string column, string value) => new($"{column}={value}");

    public override string ToString() => Name;

    /// <summary>"overall" or "in borough=Queens", as sentences say it.</summary>
    internal string Where => this == Overall ? Name : $"in {Name}";
}
