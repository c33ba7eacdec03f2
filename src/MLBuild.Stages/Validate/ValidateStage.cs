using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Validate;

/// <summary>Checks ingested rows against a contract. Rows that break a row rule are set aside and counted; too many of
/// them, or an expectation that does not hold, fail the stage. No option turns it off.</summary>
public static class ValidateStage
{
    public const string Rows = "rows.parquet";
    public const string SetAside = "set-aside.csv";
    public const string Report = "validation.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows, SetAside, Report];

    /// <exception cref="BrokenContractException">The data breaks the contract; the message is the table of what and
    /// where.</exception>
    public static void Run<TRow>(StageRun run, Contract<TRow> contract, ValidateOptions options)
        where TRow : class, new()
    {
        options.Validate();
        var files = run.Inputs(IngestStage.Report).Select(input => ReportFile.Read<IngestReport>(input.Path)).ToArray();
        var check = contract.Begin();
        foreach (var file in files)
            check.Open(file.File, file.Columns);
        using (var table = new RowTableWriter<TRow>(run.Output(Rows)))
        using (var setAside = new FaultFile(run.Output(SetAside)))
        {
            foreach (var input in run.Inputs(IngestStage.Rows))
            {
                run.Cancel.ThrowIfCancellationRequested();
                foreach (var row in RowTable.Read<TRow>(input.Path))
                {
                    if (check.Check(row.Row, new(row.File, row.Line)) is RowOutcome.SetAside broken)
                        setAside.Add(new(row.File, row.Line, null, null, broken.Rule));
                    else
                        table.Add(row);
                }
            }
            table.Complete();
        }
        var report = new ValidateReport(files, QuarantineLimit.Share(files), check.Complete());
        ReportFile.Write(run.Output(Report), report);
        Demand(report, options);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{report.Contract.RowsSeen:N0} rows, {report.Contract.RowsAccepted:N0} accepted, " +
            $"{report.Contract.RowsSeen - report.Contract.RowsAccepted:N0} set aside"));
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
