using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>A column that a reader wants, and the file's column that has its name and type.</summary>
internal sealed record ColumnMatch(ColumnBuffer Buffer, DataField Stored)
{
    /// <summary>Finds all of them.</summary>
    /// <exception cref="TableException">Columns are missing or have another type; all of them are named.</exception>
    public static ColumnMatch[] All(ParquetSource source, string rowType, IEnumerable<ColumnBuffer> wanted)
    {
        var stored = source.Fields.ToLookup(field => field.Path.ToString(), StringComparer.Ordinal);
        var matches = new List<ColumnMatch>();
        var faults = new List<string>();
        foreach (var buffer in wanted)
        {
            var expected = ParquetType.Name(buffer.Field);
            if (stored[buffer.Field.Name].FirstOrDefault() is not { } field)
                faults.Add($"it has no column '{buffer.Field.Name}' of {expected}");
            else if (ParquetType.Name(field) != expected)
                faults.Add($"its column '{field.Name}' is {ParquetType.Name(field)}, expected {expected}");
            else
                matches.Add(new(buffer, field));
        }
        return faults.Count == 0
            ? [.. matches]
            : throw new TableException(
                $"'{source.Name}' is no table of {rowType}: {string.Join("; ", faults)}. "
                + "Change the row type, or run the stage that wrote the table again.");
    }
}
