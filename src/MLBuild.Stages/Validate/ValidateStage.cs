using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Validate;

/// <summary>Checks ingested rows against a contract. Rows that break a row rule are set aside and counted; too many of
/// them, or an expectation that does not hold, fail the stage. No option turns it off.</summary>
public static class ValidateStage
{
    public const string Rows = "rows.parquet";
    public const string LeftOut = "left-out.csv";
    public const string SetAside = "set-aside.csv";
    public const string Report = "validation.json";
    public const string Page = "validation.html";
    public const string InForce = "contract.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows, LeftOut, SetAside, Report, Page, InForce];

    /// <summary>As the other, with rows left alone that have the key of a row of another file.</summary>
    /// <exception cref="BrokenContractException">The data breaks the contract; the message is the table of what and
    /// where.</exception>
    public static void Run<TRow>(StageRun run, Contract<TRow> contract, ValidateOptions options)
        where TRow : class, new() => Run(run, contract, duplicates: null, options);

    /// <param name="duplicates">What rows with one key mean across all files: late and corrected records, and refunds
    /// of what another file charged. Null leaves them alone.</param>
    /// <exception cref="BrokenContractException">The data breaks the contract; the message is the table of what and
    /// where.</exception>
    public static void Run<TRow>(
        StageRun run, Contract<TRow> contract, DuplicateRules<TRow>? duplicates, ValidateOptions options)
        where TRow : class, new()
    {
        options.Validate();
        var files = run.Inputs(IngestStage.Report).Select(input => ReportFile.Read<IngestReport>(input.Path)).ToArray();
        RowFile<TRow>[] tables = [.. run.Inputs(IngestStage.Rows).Select(input => RowTable.Read<TRow>(input.Path))];
        File.WriteAllText(run.Output(InForce), contract.ToDocument().ToJson());
        var keys = 0;
        using var check = contract.Begin(keys: () =>
            new KeyHashes(FormattableString.Invariant($"{run.Output(Rows)}.unique-{keys++}")));
        foreach (var file in files)
            check.Open(file.File, file.Columns);
        var leftOut = duplicates is null
            ? null
            : new DuplicateSearch<TRow>(duplicates, Path.GetDirectoryName(run.Output(Rows))!, run.Cancel).In(tables);
        using (var reasons = new FaultFile(run.Output(LeftOut)))
        {
            foreach (var row in leftOut?.SelectMany(found => found.Rows) ?? [])
                reasons.Add(RowFault.Of(row));
        }
        using (var table = new RowTableWriter<TRow>(run.Output(Rows)))
        using (var setAside = new FaultFile(run.Output(SetAside)))
        {
            foreach (var (i, rows) in tables.Index())
            {
                using var pass = rows.Begin(leftOut is null ? new() : new() { Wants = leftOut[i].Keeps });
                while (pass.Next())
                {
                    run.Cancel.ThrowIfCancellationRequested();
                    check.Sift(pass.Batch, broken =>
                        setAside.Add(new(broken.File, broken.Line, broken.Column, broken.Value, broken.Rule)));
                    table.Add(pass.Batch);
                }
            }
            table.Complete();
        }
        if (check.NeedsVerification)
        {
            using var pass = RowTable.Read<TRow>(run.Output(Rows)).Begin(new());
            while (pass.Next())
            {
                run.Cancel.ThrowIfCancellationRequested();
                check.Verify(pass.Batch);
            }
        }
        var report = new ValidateReport(
            files, QuarantineLimit.Share(files), DuplicateCounts.Of(leftOut?.SelectMany(found => found.Rows) ?? []),
            check.Complete());
        ReportFile.Write(run.Output(Report), report);
        File.WriteAllText(run.Output(Page), ContractReportPage.Render(report.Contract));
        Demand(report, options);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{report.Contract.RowsSeen:N0} rows, {report.Contract.RowsAccepted:N0} accepted, " +
            $"{report.Contract.RowsSeen - report.Contract.RowsAccepted:N0} set aside"));
        if (ContractReportText.Warnings(report.Contract) is { } warnings)
            run.Log($"{warnings} (all in {Page})");
    }

    private static void Demand(ValidateReport report, ValidateOptions options)
    {
        if (QuarantineLimit.Fault(report.Files, options.MaxQuarantined) is { } fault)
            throw new BrokenContractException(fault);
        if (!report.Contract.Passed)
            throw new BrokenContractException(ContractReportText.Render(report.Contract).TrimEnd());
    }
}

/// <summary>The data is to blame: it does not satisfy its contract.</summary>
public sealed class BrokenContractException(string message) : Exception(message);
