namespace MLBuild.Sources.Databases;

/// <summary>Where a snapshot came from and what is in it.</summary>
public sealed record DatabaseFetchReport
{
    /// <summary>The database, without the folder of a file.</summary>
    public required string Place { get; init; }

    /// <summary>The version that answered.</summary>
    public required string Server { get; init; }

    /// <summary>How one moment was kept while the rows were read.</summary>
    public required string Isolation { get; init; }

    /// <summary>The table, or the text of the query.</summary>
    public required string Content { get; init; }

    public required IReadOnlyList<FetchedColumn> Columns { get; init; }

    public required IReadOnlyList<string> Key { get; init; }

    public required long Rows { get; init; }

    /// <summary>What the snapshot was when it was planned and when it was read: rows, highest mark or
    /// checksum.</summary>
    public required string State { get; init; }

    public required string? HighWater { get; init; }

    /// <summary>The partition, or null for all rows.</summary>
    public required string? Slice { get; init; }

    /// <summary>The lowest mark of the slice, or null.</summary>
    public required string? MarkFrom { get; init; }

    /// <summary>Rows whose key another row before them has.</summary>
    public required long RepeatedKeys { get; init; }
}

/// <summary>A column of the snapshot.</summary>
/// <param name="DatabaseType">As the database calls it.</param>
/// <param name="Type">As the table keeps it.</param>
public sealed record FetchedColumn(string Name, string DatabaseType, string Type, bool IsNullable);
