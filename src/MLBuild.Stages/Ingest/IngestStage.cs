using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Ingest;

/// <summary>Turns one CSV file into typed rows without duplicates. Rows that cannot be read are quarantined, never
/// dropped in silence. The file is streamed; what is held in memory is a key for each row.</summary>
public static class IngestStage
{
    public const string Rows = "rows.parquet";
    public const string Quarantine = "quarantine.csv";
    public const string Report = "ingest.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows, Quarantine, Report];

    /// <exception cref="TableException">The file is not a CSV file with the columns of
    /// <typeparamref name="TRow"/>.</exception>
    public static void Run<TRow>(StageRun run, DuplicateRules<TRow> rules)
        where TRow : class, new()
    {
        var source = run.Source;
        var rows = CsvRows.Read<TRow>(source.Path, source.Name);
        var leftOut = LeftOut(rows, rules);
        var (read, quarantined, firstFault) = (0L, 0L, (RowFault?)null);
        using var table = new RowTableWriter<TRow>(run.Output(Rows));
        using var quarantine = new FaultFile(run.Output(Quarantine));
        foreach (var row in rows)
        {
            if (read++ % 4096 == 0)
                run.Cancel.ThrowIfCancellationRequested();
            if (!row.IsGood)
            {
                quarantined++;
                firstFault ??= row.Fault;
                quarantine.Add(row.Fault);
            }
            else if (!leftOut.Lines.Contains(row.Line))
            {
                table.Add(new(row.Row, source.Name, row.Line));
            }
        }
        var report = new IngestReport(
            source.Name, rows.Header.Columns, read, table.Complete(), quarantined, leftOut.Duplicates,
            leftOut.RefundPairs)
        {
            FirstFault = firstFault?.ToString(),
        };
        ReportFile.Write(run.Output(Report), report);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{report.RowsRead:N0} rows, {quarantined:N0} quarantined, {report.Duplicates:N0} duplicate, " +
            $"{report.RefundPairs:N0} refunded"));
    }

    private sealed record LeftOutRows(HashSet<long> Lines, long Duplicates, long RefundPairs);

    // Rows with a key of their own, nearly all, are never held: only their keys are.
    private static LeftOutRows LeftOut<TRow>(CsvRows<TRow> rows, DuplicateRules<TRow> rules)
        where TRow : class, new()
    {
        var seen = new HashSet<RowKey>();
        var repeated = new HashSet<RowKey>();
        foreach (var row in rows)
        {
            if (row.IsGood && rules.Key(row.Row) is var key && !seen.Add(key))
                repeated.Add(key);
        }
        if (repeated.Count == 0)
            return new([], 0, 0);

        var groups = new Dictionary<RowKey, List<(long Line, TRow Row)>>();
        foreach (var row in rows)
        {
            if (!row.IsGood || rules.Key(row.Row) is var key && !repeated.Contains(key))
                continue;
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = [];
            group.Add((row.Line, row.Row));
        }
        var (lines, duplicates, refundPairs) = (new HashSet<long>(), 0L, 0L);
        foreach (var group in groups.Values)
        {
            refundPairs += TakeRefunds(group, rules.Cancel, lines);
            // What is left of the group is one row and its duplicates.
            foreach (var (line, _) in group.OrderByDescending(row => row.Row, Comparer<TRow>.Create(rules.Prefer))
                .ThenBy(row => row.Line).Skip(1))
            {
                lines.Add(line);
                duplicates++;
            }
        }
        return new(lines, duplicates, refundPairs);
    }

    private static long TakeRefunds<TRow>(List<(long Line, TRow Row)> group, Func<TRow, TRow, bool> cancel,
        HashSet<long> lines)
    {
        var pairs = 0L;
        for (var first = 0; first < group.Count; first++)
        {
            var second = group.FindIndex(first + 1, other => cancel(group[first].Row, other.Row));
            if (second < 0)
                continue;
            lines.Add(group[first].Line);
            lines.Add(group[second].Line);
            group.RemoveAt(second);
            group.RemoveAt(first--);
            pairs++;
        }
        return pairs;
    }
}
