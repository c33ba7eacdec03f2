namespace MLBuild.Sources.Databases;

/// <summary>Where a snapshot came from and what is in it.</summary>
/// <param name="Place">The database, without the folder of a file.</param>
/// <param name="Server">The version that answered.</param>
/// <param name="Isolation">How one moment was kept while the rows were read.</param>
/// <param name="Content">The table, or the text of the query.</param>
/// <param name="State">What the snapshot was when it was planned and when it was read: rows, highest mark or
/// checksum.</param>
/// <param name="Slice">The partition, or null for all rows.</param>
/// <param name="MarkFrom">The lowest mark of the slice, or null.</param>
/// <param name="RepeatedKeys">Rows whose key another row before them has.</param>
public sealed record DatabaseFetchReport(
    string Place, string Server, string Isolation, string Content, IReadOnlyList<FetchedColumn> Columns,
    IReadOnlyList<string> Key, long Rows, string State, string? HighWater, string? Slice, string? MarkFrom,
    long RepeatedKeys);

/// <summary>A column of the snapshot.</summary>
/// <param name="DatabaseType">As the database calls it.</param>
/// <param name="Type">As the table keeps it.</param>
public sealed record FetchedColumn(string Name, string DatabaseType, string Type, bool IsNullable);
