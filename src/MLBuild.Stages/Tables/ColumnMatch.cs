using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>The columns of a file that have the names of those that a reader wants, and types that it can read.
/// </summary>
internal static class ColumnMatch
{
    /// <summary>Finds all of them, in the order in which they are wanted.</summary>
    /// <param name="fits">Whether the second, which is in the file, can be read as the first.</param>
    /// <param name="advice">What to do about a file without them.</param>
    /// <exception cref="TableException">Columns are missing or have another type; all of them are named.</exception>
    public static DataField[] All(
        ParquetSource source, string rowType, IReadOnlyList<DataField> wanted, Func<DataField, DataField, bool> fits,
        string advice)
    {
        var stored = source.Fields.ToLookup(field => field.Path.ToString(), StringComparer.Ordinal);
        var matches = new List<DataField>();
        var missing = new List<string>();
        var faults = new List<string>();
        foreach (var want in wanted)
        {
            var expected = ParquetType.Name(want);
            if (stored[want.Name].FirstOrDefault() is not { } field)
            {
                missing.Add(want.Name);
                faults.Add($"it has no column '{want.Name}' of {expected}");
            }
            // Of a text in a structure that may be absent, Parquet.Net 6.1.0 reads the values of other rows.
            else if (field.Path.Length > 1)
                faults.Add($"its column '{want.Name}' is part of a structure or list, expected {expected}");
            else if (field.MaxRepetitionLevel > 0 || !fits(want, field))
                faults.Add($"its column '{want.Name}' is {ParquetType.Name(field)}, expected {expected}");
            else
                matches.Add(field);
        }
        return faults.Count == 0
            ? [.. matches]
            : throw new TableException(
                $"'{source.Name}' is no table of {rowType}: {string.Join("; ", faults)}.{Found()} "
                + $"Change the row type, or {advice}.");

        string Found()
        {
            string[] names = [.. source.Fields.Select(field => field.Path.ToString())];
            return missing.Count == 0 ? ""
                : ColumnNames.Renamed(missing, [.. names.Except(wanted.Select(want => want.Name))])
                    + $" Its columns are {ColumnNames.List(names)}.";
        }
    }
}
