namespace MLBuild.Learning.Gates;

/// <summary>The rows on which a metric is measured: all of them, or those with one value in one column, or in
/// each of several.</summary>
public sealed record Slice
{
    private Slice(string name) => Name = name;

    /// <summary>All rows of the evaluation.</summary>
    public static Slice Overall { get; } = new("overall");

    /// <summary>"overall", "borough=Queens" or "borough=Queens and hours=night".</summary>
    public string Name { get; }

    /// <summary>The rows whose <paramref name="column"/> has this value.</summary>
    public static Slice Of(string column, string value) => new($"{column}={value}");

    /// <summary>The rows that are in this slice and in the other.</summary>
    public Slice And(Slice other) =>
        this == Overall ? other : other == Overall ? this : new($"{Name} and {other.Name}");

    public override string ToString() => Name;

    /// <summary>"overall" or "in borough=Queens", as sentences say it.</summary>
    internal string Where => this == Overall ? Name : $"in {Name}";
}
