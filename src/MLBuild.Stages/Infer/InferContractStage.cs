using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Infer;

/// <summary>Proposes a contract from ingested rows: as JSON to read and compare, as C# to paste beside the row type,
/// and as its differences from the contract there is. It changes nothing: what of it is right, a person knows.
/// </summary>
public static class InferContractStage
{
    public const string Proposal = "contract.json";
    public const string Code = "Contract.cs";
    public const string Difference = "difference.txt";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Proposal, Code, Difference];

    /// <param name="contract">The one in force, which the proposal is compared with.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static void Run<TRow>(StageRun run, Contract<TRow> contract)
        where TRow : class, new()
    {
        // Against the contract that everything keeps, so that all rows are measured.
        using var check = Contract.For<TRow>().Begin();
        foreach (var input in run.Inputs(IngestStage.Report))
        {
            var file = ReportFile.Read<IngestReport>(input.Path);
            check.Open(file.File, file.Columns);
        }
        foreach (var input in run.Inputs(IngestStage.Rows))
        {
            using var pass = RowTable.Read<TRow>(input.Path).Begin(new());
            while (pass.Next())
            {
                run.Cancel.ThrowIfCancellationRequested();
                check.Sift(pass.Batch);
            }
        }
        var proposal = ContractInference.Propose<TRow>(check.Complete());
        var difference = ContractDocument.Difference(contract.ToDocument(), proposal);
        File.WriteAllText(run.Output(Proposal), proposal.ToJson());
        File.WriteAllText(run.Output(Code), ContractCode.Render<TRow>(proposal));
        File.WriteAllText(run.Output(Difference), string.Concat(difference.Select(line => line + "\n")));
        foreach (var line in difference)
            run.Log(line);
        run.Log($"{Figures.Count(difference.Count, "difference")} from the contract in force; " +
            $"proposed as JSON ({Proposal}) and C# ({Code})");
    }
}
