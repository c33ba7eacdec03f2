using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>The text that a person reads, to the letter.</summary>
public sealed class RenderingContractReports
{
    private static readonly Contract<Trip> Everything = Contract.For<Trip>()
        .Rows(min: 5_000)
        .RowsPerFile(min: 2)
        .Column(t => t.Fare, c => c
            .Range(2.5, 250, tolerance: 0.01)
            .Mean(1, 8)
            .StandardDeviation(max: 1)
            .Minimum(min: 3)
            .Maximum(max: 5))
        .Column(t => t.Passengers, c => c.NullRatio(max: 0).Cardinality(min: 2).Categories(2, 3))
        .Row("free and far", 0, (trip, _) => trip is { Fare: <= 0, Flag: null }, t => t.Fare, t => t.Flag)
        .Warning(w => w.Column(t => t.Distance, c => c.Mean(max: 1).Range(max: 99)));

    private static readonly Trip[] Bad =
    [
        new() { Fare = -52 }, new() { Fare = 1234.5 }, new() { Fare = 20 }, new() { Passengers = null, Distance = 100 },
        new() { Fare = 10, Passengers = null },
    ];

    [Fact]
    public void EveryKindOfBrokenCheck()
    {
        var check = Everything.Begin();
        check.Open("2019-02.csv", [.. Trips.Header, "tip"]);
        check.Open("2019-03.csv", [.. Trips.Header.Except(["flag"])]);
        for (var index = 0; index < Bad.Length; index++)
            check.Check(Bad[index], new("2019-02.csv", index + 1041));
        Assert.Equal(
            """
            Data breaks its contract: 11 of 16 checks failed (5 rows, 2 files).
              columns                         2 of 2 files differ from the row type
                  2019-02.csv: unexpected 'tip'
                  2019-03.csv: missing 'flag'
              fare outside 2.5..250           2 rows (40 %), limit 1 %
                  2019-02.csv line 1041: fare = -52
                  2019-02.csv line 1042: fare = 1234.5
              free and far                    1 row (20 %), limit 0 %
                  2019-02.csv line 1041: fare = -52, flag = (none)
              rows                            3, expected at least 5,000
              rows of 2019-03.csv             0, expected at least 2
              mean of fare                    13.333333, expected 1..8
              standard deviation of fare      5.773503, expected at most 1
              maximum of fare                 20, expected at most 5
              rows without passengers         66.6667 %, expected at most 0 %
              different values of passengers  1, expected at least 2
              categories of passengers        1 row with '1', expected only '2', '3'
            2 warnings:
              distance outside ..99  1 row (20 %), limit 0 %
                  2019-02.csv line 1044: distance = 100
              mean of distance       34.666667, expected at most 1
            If the data is wrong: mend it at its source and ingest it again.
            If the data is right: change the contract of Trip and say why in the commit.
            If a column is meant: add it to Trip, or name it in AllowsExtraColumns or AllowsMissingColumns.

            """,
            ContractReportText.Render(check.Complete()));
    }

    [Fact]
    public void NoRowsAtAll() => Assert.Equal(
        """
        Data breaks its contract: 5 of 6 checks failed (0 rows, 1 file).
          a number is not finite    no rows to check
          rows                      0, expected at least 1
          mean of fare              nothing to measure, expected 1..8
          rows without fare         nothing to measure, expected at most 2.5 %
          categories of passengers  nothing to measure, expected only '2'
        If the data is wrong: mend it at its source and ingest it again.
        If the data is right: change the contract of Trip and say why in the commit.

        """,
        ContractReportText.Render(Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Mean(1, 8).NullRatio(max: 0.025))
            .Column(t => t.Passengers, c => c.Categories(2))
            .Check()));

    [Fact]
    public void GoodData() => Assert.Equal(
        "Data keeps its contract: 5 checks (12,345 rows, 1 file, 1 set aside).\n",
        ContractReportText.Render(Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Range(1, 8, tolerance: 0.5))
            .Row("never", 0, (_, _) => false)
            .Check([.. Trips.WithFares(0), .. Trips.WithFares(Enumerable.Repeat(2.0, 12_344))])));

    [Fact]
    public void GoodDataWithAWarning() => Assert.Equal(
        """
        Data keeps its contract: 4 checks (1 row, 1 file, 0 set aside).
        1 warning:
          mean of fare  10, expected at most 8

        """,
        ContractReportText.Render(Contract.For<Trip>()
            .Warning(w => w.Column(t => t.Fare, c => c.Mean(max: 8)))
            .Check(new Trip())));

    [Fact]
    public void ManyDistinctValuesAndSmallShares()
    {
        var rows = ContractCheck<Trip>.DistinctCap * 200;
        Assert.Equal(
            """
            Data breaks its contract: 2 of 5 checks failed (2,000,000 rows, 1 file).
              free                      1 row (<0.0001 %), limit 0 %
                  2019-02.csv line 2
              different values of fare  about 2,042,385, expected at most 300
            If the data is wrong: mend it at its source and ingest it again.
            If the data is right: change the contract of Trip and say why in the commit.

            """,
            ContractReportText.Render(Contract.For<Trip>()
                .Column(t => t.Fare, c => c.Cardinality(max: 300))
                .Row("free", 0, (trip, _) => trip.Fare == 0)
                .Check(Trips.WithFares(Enumerable.Range(0, rows).Select(i => (double)i)))));
    }

    [Fact]
    public void MoreThanThreeFilesWithOtherColumns()
    {
        var check = Contract.For<Trip>().Begin();
        foreach (var file in new[] { "e", "d", "c", "b", "a" })
            check.Open(file, [.. Trips.Header, "fare", "tip"]);
        check.Check(new(), new("a", 2));
        Assert.StartsWith(
            """
            Data breaks its contract: 1 of 3 checks failed (1 row, 5 files).
              columns  5 of 5 files differ from the row type
                  a: unexpected 'tip'; more than once 'fare'
                  b: unexpected 'tip'; more than once 'fare'
                  c: unexpected 'tip'; more than once 'fare'
                  and 2 more files
            If the data is wrong:
            """,
            ContractReportText.Render(check.Complete()));
    }
}
