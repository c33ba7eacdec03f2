using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Duplicates;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Ingest;

/// <summary>Turns one file into typed rows without duplicates. Rows that cannot be read are quarantined, never dropped
/// in silence; what is left out as a duplicate is listed with the row that it is one of. The file is
/// streamed.</summary>
public static class IngestStage
{
    public const string Rows = "rows.parquet";
    public const string Quarantine = "quarantine.csv";
    public const string LeftOut = "left-out.csv";
    public const string Report = "ingest.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows, Quarantine, LeftOut, Report];

    /// <summary>Reads the source file of the partition.</summary>
    /// <exception cref="TableException">The file is not one of rows, or lacks columns of
    /// <typeparamref name="TRow"/>.</exception>
    public static void Run<TRow>(StageRun run, DuplicateRules<TRow> rules)
        where TRow : class, new() => Run(run, rules, RowFiles.Open<TRow>(run.Source));

    /// <summary>Reads what another stage has fetched, such as <c>rows.jsonl</c>; its rows are named after the partition
    /// and the snapshot: <c>2019-02/rows.jsonl</c>. A snapshot of no bytes has no rows.</summary>
    /// <param name="snapshot">An input of the stage; its name says what it is.</param>
    /// <exception cref="TableException">The snapshot is not one of rows, or lacks columns of
    /// <typeparamref name="TRow"/>.</exception>
    public static void Run<TRow>(StageRun run, DuplicateRules<TRow> rules, string snapshot)
        where TRow : class, new() => Run(run, rules, run.Partition is { } partition
            ? RowFiles.OpenSnapshot<TRow>(run.Input(snapshot), $"{partition}/{snapshot}", isSlice: true)
            : RowFiles.OpenSnapshot<TRow>(run.Input(snapshot), snapshot, isSlice: false));

    private static void Run<TRow>(StageRun run, DuplicateRules<TRow> rules, RowFile<TRow> file)
        where TRow : class, new()
    {
        // The folder for outputs is on the disk that has room for the table.
        var folder = Path.GetDirectoryName(run.Output(Rows))!;
        var leftOut = new DuplicateSearch<TRow>(rules, folder, run.Cancel).In([file])[0];
        using (var reasons = new FaultFile(run.Output(LeftOut)))
        {
            foreach (var row in leftOut.Rows)
                reasons.Add(RowFault.Of(row));
        }

        var (quarantined, firstFault) = (0L, (RowFault?)null);
        using var table = new RowTableWriter<TRow>(run.Output(Rows));
        using var quarantine = new FaultFile(run.Output(Quarantine));
        using var pass = file.Begin(new() { Fault = Quarantined, Wants = leftOut.Keeps });
        while (pass.Next())
        {
            run.Cancel.ThrowIfCancellationRequested();
            table.Add(pass.Batch);
        }
        var kept = table.Complete();
        var counts = DuplicateCounts.Of(leftOut.Rows);
        var report = new IngestReport(
            file.Name, file.Columns, kept + quarantined + leftOut.Rows.Count, kept, quarantined,
            counts.Identical + counts.Superseded, counts.CancelledPairs)
        {
            FirstFault = firstFault?.ToString(),
        };
        ReportFile.Write(run.Output(Report), report);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{report.RowsRead:N0} rows, {quarantined:N0} quarantined, {report.Duplicates:N0} duplicate, " +
            $"{report.RefundPairs:N0} refunded"));

        void Quarantined(RowFault fault)
        {
            quarantined++;
            firstFault ??= fault;
            quarantine.Add(fault);
        }
    }
}
