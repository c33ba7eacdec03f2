using System.Globalization;

namespace MLBuild.Stages.Tables;

/// <summary>The first cell in which two Parquet files differ.</summary>
public static class TableDifference
{
    /// <summary>The difference in words; null if no value that a preview shows differs. Lists and bytes are not looked
    /// into, and what is absent is not told from the text <c>-</c>.</summary>
    /// <exception cref="TableException">A file is missing, is not Parquet, or is corrupt.</exception>
    public static string? First(string expectedPath, string actualPath)
    {
        using var expected = new ParquetSource(expectedPath);
        using var actual = new ParquetSource(actualPath);
        var (was, now) = (Columns(expected), Columns(actual));
        if (!was.SequenceEqual(now))
            return $"the columns were {string.Join(", ", was)}; now are {string.Join(", ", now)}";
        if (expected.RowCount != actual.RowCount || expected.GroupCount != actual.GroupCount)
            return string.Create(CultureInfo.InvariantCulture,
                $"there were {expected.RowCount:N0} rows in {expected.GroupCount} groups, now are " +
                    $"{actual.RowCount:N0} in {actual.GroupCount}");
        var pairs = expected.Fields.Zip(actual.Fields).Select(pair => (Name: pair.First.Path.ToString(),
            Was: PreviewColumn.For(pair.First), Now: PreviewColumn.For(pair.Second))).ToArray();
        var rowsBefore = 0L;
        for (var group = 0; group < expected.GroupCount; group++)
        {
            var count = expected.RowsIn(group);
            if (count != actual.RowsIn(group))
                return $"row group {group} had {count} rows, now has {actual.RowsIn(group)}";
            foreach (var pair in pairs)
            {
                pair.Was.Read(expected, group, count, count);
                pair.Now.Read(actual, group, count, count);
            }
            for (var row = 0; row < count; row++)
            {
                foreach (var (name, one, other) in pairs)
                {
                    if (one.Text(row) != other.Text(row))
                        return string.Create(CultureInfo.InvariantCulture,
                            $"column {name} row {rowsBefore + row + 1:N0} was {one.Text(row)}, now is " +
                            $"{other.Text(row)}");
                }
            }
            rowsBefore += count;
        }
        return null;
    }

    private static string[] Columns(ParquetSource source) =>
        [.. source.Fields.Select(field => $"{field.Path} {ParquetType.Name(field)}")];
}
