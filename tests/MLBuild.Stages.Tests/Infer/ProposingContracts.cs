using MLBuild.Learning.Contracts;
using MLBuild.Stages.Infer;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Infer;

/// <summary>A contract proposed from what was ingested.</summary>
public sealed class ProposingContracts : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task AllFilesAreMeasuredAndEveryDifferenceIsLogged()
    {
        _space.Write("a.csv", Sales.Csv(300, seed: 1));
        _space.Write("b.csv", Sales.Csv(500, seed: 2, firstId: 1000));
        await new SaleBuild(_space).Done("Infer");

        var proposal = ContractDocument.Parse(_space.Text("Infer", InferContractStage.Proposal));
        Assert.Equal(
            150, proposal.Expectations.Single(entry => (entry.Statistic, entry.PerFile) == (Statistic.Rows, true)).Min);
        Assert.Contains(proposal.Rules, rule => rule.Rule == "id occurs more than once");
        Assert.Equal(
            ["harbour", "north", "west"],
            proposal.Expectations
                .Single(entry => (entry.Column, entry.Statistic) == ("district", Statistic.OtherCategories)).Allowed!);
        Assert.Equal(ContractCode.Render<Sale>(proposal), _space.Text("Infer", InferContractStage.Code));

        var difference = _space.Text("Infer", InferContractStage.Difference).TrimEnd().Split('\n');
        Assert.Contains("- rule \"no area\" of area, rooms, tolerance 1 %  (loosened)", difference);
        Assert.Equal(
            [
                .. difference.Select(line => $"Infer: {line}"),
                $"Infer: {difference.Length} differences from the contract in force; "
                + "proposed as JSON (contract.json) and C# (Contract.cs)",
            ], _space.Log.Where(line => line.StartsWith("Infer: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task NoRowsAreRefused()
    {
        _space.Write("a.csv", Sales.Header);
        Assert.Equal(
            "Nothing can be proposed for Sale from no accepted row.", await new SaleBuild(_space).Failure("Infer"));
    }
}
