using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLBuild.Engine;

namespace MLBuild.Stages.Tables;

/// <summary>What differs between two tables: columns, and rows by their key, or without one as whole rows, each as
/// often as it is there. Of a row hashes are kept, however wide it is: a million rows take some 80 MB without a key,
/// 130 MB with one.</summary>
/// <param name="Compared">The columns that are compared: those that both have, with the same type.</param>
/// <param name="Changed">Rows with the same key and other values; none without a key.</param>
/// <param name="FirstAdded">In the order of <paramref name="Compared"/>.</param>
/// <param name="FirstRemoved">In the order of <paramref name="Compared"/>.</param>
public sealed record TableChanges(
    IReadOnlyList<string> Columns, IReadOnlyList<string> Key, IReadOnlyList<string> Compared, long RowsBefore,
    long RowsAfter, long Added, long Removed, long Changed, IReadOnlyList<IReadOnlyList<string>> FirstAdded,
    IReadOnlyList<IReadOnlyList<string>> FirstRemoved, IReadOnlyList<TableChanges.ChangedRow> FirstChanged)
{
    private const int Examples = 5;

    // In place of the number of a row whose key the other table has too.
    private const int Found = -1;

    /// <param name="Key">Its values, in the order of the key's columns.</param>
    public sealed record ChangedRow(IReadOnlyList<string> Key, IReadOnlyList<ChangedCell> Cells);

    public sealed record ChangedCell(string Column, string Before, string After);

    /// <summary>A table by its path and the name whose end says what it is.</summary>
    public sealed record Place(string Path, string Name)
    {
        internal AnyTable Open(IReadOnlyCollection<string>? columns = null) =>
            AnyTable.Open(Path, Name, columns is null ? null : columns.Contains);
    }

    /// <param name="key">Columns that tell rows apart; none compares whole rows.</param>
    /// <exception cref="PipelineException">A key is no column of both, or two rows of a table have the same
    /// one.</exception>
    /// <exception cref="TableException">A file is not what its name says, or is corrupt.</exception>
    public static TableChanges Between(Place before, Place after, IReadOnlyList<string> key)
    {
        using var was = before.Open();
        using var now = after.Open();
        var (old, young) = (Types(was), Types(now));
        string[] compared =
            [.. old.Keys.Where(name => young.TryGetValue(name, out var type) && type == old[name])];
        foreach (var name in key.Where(name => !compared.Contains(name)))
            throw new PipelineException($"--key names '{name}', which is no column of both tables with one type. " +
                $"Such columns: {string.Join(", ", compared)}.{Suggestion.For(name, compared)}");
        string[] columns =
        [
            .. old.Keys.Where(name => !young.ContainsKey(name)).Select(name => $"'{name}' is gone"),
            .. young.Keys.Where(name => !old.ContainsKey(name)).Select(name => $"'{name}' is new ({young[name]})"),
            .. old.Keys.Where(name => young.TryGetValue(name, out var type) && type != old[name])
                .Select(name => $"'{name}' was {old[name]}, now is {young[name]}"),
        ];
        var changes = new TableChanges(columns, key, compared, 0, 0, 0, 0, 0, [], [], []);
        return compared.Length == 0 ? changes with { RowsBefore = RowsOf(was), RowsAfter = RowsOf(now) }
            : key.Count == 0 ? WholeRows(before, after, changes) : ByKey(before, after, changes);
    }

    private static TableChanges WholeRows(Place before, Place after, TableChanges changes)
    {
        var left = new Dictionary<ulong, int>();
        var rowsBefore = 0L;
        foreach (var row in Rows(before, changes.Compared))
        {
            var hash = row.Hash(changes.Compared);
            left[hash] = left.GetValueOrDefault(hash) + 1;
            rowsBefore++;
        }
        var (rowsAfter, added) = (0L, 0L);
        var firstAdded = new List<IReadOnlyList<string>>();
        foreach (var row in Rows(after, changes.Compared))
        {
            rowsAfter++;
            var hash = row.Hash(changes.Compared);
            if (left.TryGetValue(hash, out var count) && count > 0)
                left[hash] = count - 1;
            else if (++added <= Examples)
                firstAdded.Add(row.Texts(changes.Compared));
        }
        var removed = left.Values.Sum(count => (long)count);
        var firstRemoved = new List<IReadOnlyList<string>>();
        foreach (var row in removed == 0 ? [] : Rows(before, changes.Compared))
        {
            var hash = row.Hash(changes.Compared);
            if (left[hash] == 0)
                continue;
            left[hash]--;
            firstRemoved.Add(row.Texts(changes.Compared));
            if (firstRemoved.Count == Math.Min(removed, Examples))
                break;
        }
        return changes with
        {
            RowsBefore = rowsBefore,
            RowsAfter = rowsAfter,
            Added = added,
            Removed = removed,
            FirstAdded = firstAdded,
            FirstRemoved = firstRemoved,
        };
    }

    private static TableChanges ByKey(Place before, Place after, TableChanges changes)
    {
        var rest = changes.Compared.Except(changes.Key).ToArray();
        var old = new Dictionary<ulong, Known>();
        var rowsBefore = 0;
        foreach (var row in Rows(before, changes.Compared))
        {
            if (!old.TryAdd(row.Hash(changes.Key), new(row.Hash(rest), rowsBefore++)))
                throw NoKey(before, row, changes.Key);
        }
        var (rowsAfter, added, changed) = (0L, 0L, 0L);
        var unknown = new HashSet<ulong>();
        var removed = old.Count;
        var firstAdded = new List<IReadOnlyList<string>>();
        var wanted = new Dictionary<int, IReadOnlyList<string>?>();
        foreach (var row in Rows(after, changes.Compared))
        {
            rowsAfter++;
            var key = row.Hash(changes.Key);
            ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(old, key);
            if (Unsafe.IsNullRef(ref known))
            {
                if (!unknown.Add(key))
                    throw NoKey(after, row, changes.Key);
                if (++added <= Examples)
                    firstAdded.Add(row.Texts(changes.Compared));
                continue;
            }
            if (known.Row == Found)
                throw NoKey(after, row, changes.Key);
            if (known.Rest != row.Hash(rest) && ++changed <= Examples)
                wanted[known.Row] = row.Texts(changes.Compared);
            known = known with { Row = Found };
            removed--;
        }
        foreach (var row in old.Values.Select(known => known.Row).Where(row => row != Found).Order().Take(Examples))
            wanted[row] = null;
        var firstRemoved = new List<IReadOnlyList<string>>();
        var firstChanged = new List<ChangedRow>();
        var at = 0;
        foreach (var row in wanted.Count == 0 ? [] : Rows(before, changes.Compared))
        {
            if (!wanted.Remove(at++, out var now))
                continue;
            var was = row.Texts(changes.Compared);
            if (now is null)
                firstRemoved.Add(was);
            else
                firstChanged.Add(new(row.Texts(changes.Key), [.. changes.Compared
                    .Select((column, i) => new ChangedCell(column, was[i], now[i]))
                    .Where(cell => cell.Before != cell.After)]));
            if (wanted.Count == 0)
                break;
        }
        return changes with
        {
            RowsBefore = rowsBefore,
            RowsAfter = rowsAfter,
            Added = added,
            Removed = removed,
            Changed = changed,
            FirstAdded = firstAdded,
            FirstRemoved = firstRemoved,
            FirstChanged = firstChanged,
        };
    }

    private readonly record struct Known(ulong Rest, int Row);

    /// <summary>The row at which a pass is.</summary>
    private sealed class Row(AnyTable table)
    {
        private readonly Dictionary<string, AnyColumn> _columns =
            table.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);

        public int At { get; set; }

        public ulong Hash(IReadOnlyList<string> columns)
        {
            var hash = 0UL;
            for (var i = 0; i < columns.Count; i++)
                hash = AnyColumn.Mix((hash * 31) ^ _columns[columns[i]].Hash(At));
            return hash;
        }

        public IReadOnlyList<string> Texts(IReadOnlyList<string> columns) =>
            [.. columns.Select(column => _columns[column].Text(At))];
    }

    private static IEnumerable<Row> Rows(Place place, IReadOnlyCollection<string> columns)
    {
        using var table = place.Open(columns);
        var row = new Row(table);
        while (table.Next())
        {
            for (row.At = 0; row.At < table.Count; row.At++)
                yield return row;
        }
    }

    private static long RowsOf(AnyTable table)
    {
        var rows = 0L;
        while (table.Next())
            rows += table.Count;
        return rows;
    }

    // Of a text it is known only when all is read, and does not matter.
    private static Dictionary<string, string> Types(AnyTable table)
    {
        var twice = table.Columns.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? table.Columns.ToDictionary(column => column.Name, column => table.Groups is null ? "text" : column.Type,
                StringComparer.Ordinal)
            : throw new TableException($"Two columns are named '{twice.Key}'. Give one of them another name.");
    }

    private static PipelineException NoKey(Place place, Row row, IReadOnlyList<string> key) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"--key {string.Join(',', key)} is no key of '{place.Name}': more than one row has ") +
        $"{string.Join(", ", key.Zip(row.Texts(key), (column, value) => $"{column} {value}"))}. Name more columns, " +
        "or leave --key out to compare whole rows.");
}
