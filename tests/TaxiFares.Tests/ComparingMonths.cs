using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Tables;

namespace TaxiFares.Tests;

/// <summary>What the published months say of each other: where the city's taxis changed, and where they did
/// not.</summary>
public sealed class ComparingMonths
{
    // What differs fails, so that it is no history.
    private static readonly Lazy<ContractReport> Steady = new(() => Check(TaxiContract.For(new(2020, 7, 2))
        .SteadyAgainstHistory()));

    [YellowTaxiFact]
    public void TheContractWarnsOfAChange()
    {
        var report = Check(TaxiContract.For(new(2020, 7, 2)));
        Assert.True(report.Passed, ContractReportText.Render(report));
        Assert.Contains(": rows without congestion_surcharge: ", ContractReportText.Warnings(report));
        Assert.Contains(
            report.History,
            found => (found.File, found.Column, found.Verdict) == ("2020-04.csv", "vendor_id", CheckVerdict.Warned));
    }

    [YellowTaxiFact]
    public void TheMonthsOf2018AreAlike()
    {
        foreach (var month in Enumerable.Range(1, 12))
            Assert.Empty(Faults(FormattableString.Invariant($"2018-{month:00}.csv")));
    }

    [YellowTaxiFact]
    public void TheCongestionSurchargeIsFound()
    {
        Assert.Equal(["rows without congestion_surcharge"], Faults("2019-01.csv"));
        Assert.Superset(
            new HashSet<string>
            {
                "rows without congestion_surcharge", "mean of extra", "median of tip_amount",
                "5 % quantile of total_amount",
            },
            Faults("2019-02.csv").ToHashSet());
    }

    [YellowTaxiFact]
    public void TheCollapseIsFound()
    {
        Assert.Contains("rows without vendor_id", Faults("2020-03.csv"));
        Assert.Superset(
            new HashSet<string> { "rows without vendor_id", "mean of payment_type", "mean of dropoff_location_id" },
            Faults("2020-04.csv").ToHashSet());
    }

    [YellowTaxiFact]
    public void MonthsAfterAChangeAreAlikeOnceHistoryStartsAnew()
    {
        var report = Check(TaxiContract.For(new(2020, 7, 2))
            .SteadyAgainstHistory()
            .HistoryStartsAt("2019-01.csv", "surcharge of zero is published")
            .HistoryStartsAt("2019-02.csv", "congestion surcharge")
            .HistoryStartsAt("2020-03.csv", "the city closes"));
        Assert.True(report.Passed, ContractReportText.Render(report));
        Assert.Empty(report.Files.SelectMany(file => file.Faults.Select(fault => $"{file.File}: {fault}")));
        Assert.Equal(30, report.AcceptedBatches().Count());
    }

    private static IReadOnlyList<string> Faults(string file) =>
        Steady.Value.Files.Single(report => report.File == file).Faults;

    private static ContractReport Check(Contract<TaxiTrip> contract)
    {
        var check = contract.Begin();
        foreach (var path in YellowTaxi.Months!)
        {
            var rows = CsvRows.Read<TaxiTrip>(path);
            var file = Path.GetFileName(path);
            check.Open(file, [.. RowSchema<TaxiTrip>.Instance.Columns.Select(column => column.Name)]);
            var batch = new RowBatch<TaxiTrip>();
            foreach (var row in rows)
                batch.Add(row.Row!, file, row.Line);
            check.Sift(batch);
        }
        return check.Complete();
    }
}
