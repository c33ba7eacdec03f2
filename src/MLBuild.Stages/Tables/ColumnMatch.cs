using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>The columns of a file that have the names and types of those that a reader wants.</summary>
internal static class ColumnMatch
{
    /// <summary>Finds all of them, in the order in which they are wanted.</summary>
    /// <exception cref="TableException">Columns are missing or have another type; all of them are named.</exception>
    public static DataField[] All(ParquetSource source, string rowType, IEnumerable<DataField> wanted)
    {
        var stored = source.Fields.ToLookup(field => field.Path.ToString(), StringComparer.Ordinal);
        var matches = new List<DataField>();
        var faults = new List<string>();
        foreach (var want in wanted)
        {
            var expected = ParquetType.Name(want);
            if (stored[want.Name].FirstOrDefault() is not { } field)
                faults.Add($"it has no column '{want.Name}' of {expected}");
            else if (ParquetType.Name(field) != expected)
                faults.Add($"its column '{field.Name}' is {ParquetType.Name(field)}, expected {expected}");
            else
                matches.Add(field);
        }
        return faults.Count == 0
            ? [.. matches]
            : throw new TableException(
                $"'{source.Name}' is no table of {rowType}: {string.Join("; ", faults)}. "
                + "Change the row type, or run the stage that wrote the table again.");
    }
}
