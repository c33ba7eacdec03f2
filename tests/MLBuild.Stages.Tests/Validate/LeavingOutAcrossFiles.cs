using MLBuild.Learning.Duplicates;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Tests.Validate;

/// <summary>A row that comes again in another file: late, corrected, refunded or sent twice.</summary>
public sealed class LeavingOutAcrossFiles : IDisposable
{
    private readonly PipelineSpace _space = new();

    private SaleBuild Build => new(_space)
    {
        Checks = (run, options) => ValidateStage.Run(run, Sales.Contract, Sales.Duplicates, options),
    };

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task ALaterFileCorrectsRefundsAndRepeats()
    {
        _space.Write("a.csv", Sales.Csv(300, seed: 1) + Sale(1001, 200) + Sale(1002, 300) + Sale(1003, 400));
        _space.Write("b.csv", Sales.Header + Sale(1001, 210) + Sale(1002, -300) + Sale(1003, 400));
        await Build.Done("Validate");
        Assert.Equal(
            """
            file,line,column,value,reason
            a.csv,302,,,superseded by b.csv line 2
            a.csv,303,,,cancels with b.csv line 3
            b.csv,3,,,cancels with a.csv line 303
            b.csv,4,,,identical to a.csv line 304

            """, _space.Text("Validate", ValidateStage.LeftOut));
        Assert.Equal(["a.csv line 304: 1003", "b.csv line 2: 1001"],
            RowTable.Read<Sale>(_space.Output("Validate", ValidateStage.Rows)).Where(row => row.Row.Id > 1000)
                .Select(row => $"{row.File} line {row.Line}: {row.Row.Id}"));
        Assert.Equal(new DuplicateCounts(1, 1, 1),
            ReportFile.Read<ValidateReport>(_space.Output("Validate", ValidateStage.Report)).AcrossFiles);
    }

    [Fact]
    public async Task WithoutRulesTheyAreLeftAlone()
    {
        _space.Write("a.csv", Sales.Csv(300, seed: 1) + Sale(1001, 200));
        _space.Write("b.csv", Sales.Header + Sale(1001, 210));
        await new SaleBuild(_space).Done("Validate");
        Assert.Equal(302, RowTable.Read<Sale>(_space.Output("Validate", ValidateStage.Rows)).RowCount);
        Assert.Equal("file,line,column,value,reason\n", _space.Text("Validate", ValidateStage.LeftOut));
    }

    private static string Sale(int id, double price) =>
        FormattableString.Invariant($"{id},2019-01-01 10:00:00,west,50,2,{price}\n");
}
