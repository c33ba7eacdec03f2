namespace MLBuild.Sources.Databases;

/// <summary>What to fetch.</summary>
/// <param name="Database">Which rows of which database.</param>
/// <param name="Slice">One of <see cref="DatabaseSlices.List"/>; null, the default, for all rows, whose state the stage
/// then has to observe.</param>
public sealed record DatabaseFetchOptions(DatabaseOptions Database, DatabaseSlice? Slice = null);
