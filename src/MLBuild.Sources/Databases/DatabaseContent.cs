namespace MLBuild.Sources.Databases;

/// <summary>What to read of a database.</summary>
public abstract record DatabaseContent
{
    private DatabaseContent()
    {
    }

    /// <summary>A table or view.</summary>
    /// <param name="Name">As the database spells it, with its case.</param>
    public sealed record Table(string Name) : DatabaseContent
    {
        /// <summary>Default <c>public</c> for PostgreSQL, <c>main</c> for SQLite.</summary>
        public string? Schema { get; init; }

        /// <summary>Which columns, in the order of the snapshot. Empty, the default, means all.</summary>
        public IReadOnlyList<string> Columns { get; init; } = [];

        public override string ToString() => Schema is null ? $"table '{Name}'" : $"table '{Schema}.{Name}'";
    }

    /// <summary>The result of one SELECT. Each column needs a name of its own; the order is that of the key, not of an
    /// ORDER BY. What it computes must depend on the data alone: not on <c>now()</c>, not on <c>random()</c>.</summary>
    /// <remarks>The columns of a query may be null, whatever the tables say: an outer join makes them so.</remarks>
    public sealed record Query(string Text) : DatabaseContent
    {
        public override string ToString() => "the query";
    }
}
