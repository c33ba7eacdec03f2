using System.Text.Json;
using MLBuild.Learning.Contracts;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Tests.Validate;

/// <summary>Rows against their contract: set aside, or too many of them.</summary>
public sealed class ValidatingRows : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task RowsWithinTheToleranceAreSetAside()
    {
        _space.Write("a.csv", Sales.Csv(300, seed: 1) + Bad(1001, price: -5) + Bad(1002, area: 0));
        _space.Write("b.csv", Sales.Csv(300, seed: 2, firstId: 2000) + Bad(1003, price: -6, area: 0));
        await new SaleBuild(_space).Done("Validate");
        Assert.Equal(
            """
            file,line,column,value,reason
            a.csv,302,price,-5,negative price
            a.csv,303,"area, rooms","0, 2",no area
            b.csv,302,price,-6,negative price

            """, _space.Text("Validate", ValidateStage.SetAside));
        var rows = RowTable.Read<Sale>(_space.Output("Validate", ValidateStage.Rows)).ToArray();
        Assert.Equal(600, rows.Length);
        Assert.DoesNotContain(rows, row => row.Row.Id is > 1000 and < 2000);
        Assert.Equal(["Validate: 603 rows, 600 accepted, 3 set aside"], _space.Log.Where(IsValidate));
    }

    [Fact]
    public async Task WarningsAreCountedInTheLogWithTheFirst()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        await Check(Sales.Contract.Warning(warn => warn
            .Row("large", 0.5, (sale, _) => sale.Area > 30, sale => sale.Area)
            .Column(sale => sale.Rooms, rooms => rooms.Maximum(max: 1)))).Done("Validate");
        Assert.Equal(
            [
                "Validate: 400 rows, 400 accepted, 0 set aside",
                "Validate: 2 warnings, first: large: 400 rows (100 %), limit 50 % (all in validation.html)",
            ], _space.Log.Where(IsValidate));
    }

    [Fact]
    public async Task AKeyThatComesAgainIsNamedWithBothItsRows()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        _space.Write("b.csv", Sales.Header + Bad(7) + Bad(2000));
        var message = await Check(Sales.Contract.Unique("sold twice", 0, sale => sale.Id, sale => sale.SoldAt))
            .Failure("Validate");
        Assert.Contains(
            """
              sold twice  1 row (0.2488 %), limit 0 %
                  b.csv line 2: id = 7, sold_at = 2019-01-01 10:00:00, first is a.csv line 8

            """, message);
    }

    [Fact]
    public async Task TooManyBrokenRowsFailWithTheFirstThreeOfThem()
    {
        _space.Write("a.csv", Sales.Csv(300, seed: 1) + Bad(1001, price: -5) + Bad(1002, price: -6.5));
        _space.Write("b.csv", Sales.Csv(100, seed: 2, firstId: 2000) + Bad(1003, price: -7) + Bad(1004, price: -8) +
            Bad(1005, price: -9));
        Assert.Equal(
            """
            Data breaks its contract: 1 of 6 checks failed (405 rows, 2 files).
              negative price  5 rows (1.2346 %), limit 1 %
                  a.csv line 302: price = -5
                  a.csv line 303: price = -6.5
                  b.csv line 102: price = -7
            If the data is wrong: mend it at its source and ingest it again.
            If the data is right: change the contract of Sale and say why in the commit.
            """, await new SaleBuild(_space).Failure("Validate"));
        Assert.Equal(6,
            _space.FailedText("Validate", ValidateStage.SetAside).Split('\n',
                StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task AnUnexpectedColumnFails()
    {
        _space.Write("a.csv",
            Sales.Csv(400, seed: 1).Replace("price\n", "price,sold_by\n", StringComparison.Ordinal).Replace("0\n",
                "0,ann\n", StringComparison.Ordinal));
        _space.Write("b.csv", Sales.Csv(400, seed: 1, firstId: 1000));
        var message = await new SaleBuild(_space) { Validate = new() { MaxQuarantined = 1 } }.Failure("Validate");
        Assert.Contains("  columns  1 of 2 files differ from the row type\n      a.csv: unexpected 'sold_by'\n",
            message);
    }

    [Fact]
    public async Task TooManyQuarantinedRowsFailAndNameTheWorstFiles()
    {
        _space.Write("a.csv", Sales.Csv(398, seed: 1) + "bad\nbad\n");
        _space.Write("b.csv", Sales.Csv(399, seed: 1, firstId: 1000) + "bad\n");
        _space.Write("c.csv", Sales.Csv(395, seed: 1, firstId: 2000) + "bad\nbad\nbad\nbad\nbad\n");
        _space.Write("d.csv", Sales.Csv(397, seed: 1, firstId: 3000) + "bad\nbad\nbad\n");
        _space.Write("e.csv", Sales.Csv(400, seed: 1, firstId: 4000));
        var build = new SaleBuild(_space) { Validate = new() { MaxQuarantined = 0.005 } };
        Assert.Equal(
            """
            0.55 % of the lines could not be read, the limit is 0.50 %.
              c.csv: 5 of 400. First: c.csv line 397: expected 6 fields, found 1. The line is 'bad'.
              d.csv: 3 of 400. First: d.csv line 399: expected 6 fields, found 1. The line is 'bad'.
              a.csv: 2 of 400. First: a.csv line 400: expected 6 fields, found 1. The line is 'bad'.
            Each is in its file's quarantine.csv, with line, column and value. Mend the files, or raise MaxQuarantined of the stage's options.
            """, await build.Failure("Validate"));
        build.Validate = new() { MaxQuarantined = 0.0055 };
        await build.Done("Validate");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(-0.1, "-0.1")]
    [InlineData(1.5, "1.5")]
    public async Task ALimitThatIsNoShareIsRefused(double limit, string shown)
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1) + "bad\n");
        Assert.Equal(
            $"MaxQuarantined is {shown}, expected 0 to 1.",
            await new SaleBuild(_space) { Validate = new() { MaxQuarantined = limit } }.Failure("Validate"));
    }

    [Fact]
    public async Task FilesWithoutAnyRowFail()
    {
        _space.Write("a.csv", Sales.Header);
        var message = await new SaleBuild(_space).Failure("Validate");
        Assert.Equal(
            """
            Data breaks its contract: 5 of 6 checks failed (0 rows, 1 file).
              a number is not finite  no rows to check
              negative price          no rows to check
              no area                 no rows to check
              rows                    0, expected at least 300
              mean of price           nothing to measure, expected 100..400
            If the data is wrong: mend it at its source and ingest it again.
            If the data is right: change the contract of Sale and say why in the commit.
            """, message);
        Assert.DoesNotContain("NaN", _space.FailedText("Validate", ValidateStage.Report));
    }

    [Fact]
    public async Task TheReportIsPlainJsonWithoutNaN()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1) + "bad\n");
        await new SaleBuild(_space).Done("Validate");
        using var json = JsonDocument.Parse(_space.Text("Validate", ValidateStage.Report));
        Assert.Equal(["files", "quarantinedShare", "acrossFiles", "contract"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1 / 401.0, json.RootElement.GetProperty("quarantinedShare").GetDouble());
        var contract = json.RootElement.GetProperty("contract");
        Assert.True(contract.GetProperty("passed").GetBoolean());
        Assert.Equal(400, contract.GetProperty("rowsSeen").GetInt64());
        Assert.Equal(6, contract.GetProperty("columns").GetArrayLength());
    }

    private SaleBuild Check(Contract<Sale> contract) => new(_space)
    {
        Checks = (run, options) => ValidateStage.Run(run, contract, options),
    };

    private static bool IsValidate(string line) => line.StartsWith("Validate", StringComparison.Ordinal);

    private static string Bad(int id, double price = 200, double area = 50) =>
        FormattableString.Invariant($"{id},2019-01-01 10:00:00,west,{area},2,{price}\n");
}
