using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Monitor;

/// <summary>The labels of one file's rows, where other rows have them. Of these there may be years, and the file may be
/// a day: what is kept grows with the file only.</summary>
internal static class JoinedLabels
{
    /// <summary>The keys of the rows that satisfy the contract. A key may need what the contract demands, so that of
    /// the others is not asked for.</summary>
    public static HashSet<RowKey> Keys<TRow>(
        string rows, ContractCheck<TRow> check, Func<TRow, RowKey> key, CancellationToken cancel)
        where TRow : class, new()
    {
        var keys = new HashSet<RowKey>();
        foreach (var (row, file, line) in RowTable.Read<TRow>(rows))
        {
            cancel.ThrowIfCancellationRequested();
            if (check.Check(row, new(file, line)) is RowOutcome.Accepted)
                keys.Add(key(row));
        }
        return keys;
    }

    /// <summary>The rows that have the labels, by their keys. Of several with one key the last has the label: it is the
    /// later one.</summary>
    /// <param name="tables">Of rows with labels, earlier ones first.</param>
    /// <param name="wanted">All others are passed over.</param>
    public static Dictionary<RowKey, TRow> Find<TRow>(
        IEnumerable<string> tables, HashSet<RowKey> wanted, Func<TRow, RowKey> key, CancellationToken cancel)
        where TRow : class, new()
    {
        var labels = new Dictionary<RowKey, TRow>();
        foreach (var (row, _, _) in tables.SelectMany(RowTable.Read<TRow>))
        {
            cancel.ThrowIfCancellationRequested();
            if (key(row) is var of && wanted.Contains(of))
                labels[of] = row;
        }
        return labels;
    }
}
