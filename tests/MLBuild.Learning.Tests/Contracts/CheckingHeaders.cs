using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>The columns of the files against those of the row type.</summary>
public sealed class CheckingHeaders
{
    private static ContractReport Open(Contract<Trip> contract, params string[] header)
    {
        var check = contract.Begin();
        check.Open("a.csv", header);
        check.Check(new(), new("a.csv", 2));
        return check.Complete();
    }

    [Fact]
    public void OrderOfColumnsDoesNotMatter() =>
        Assert.True(Open(Contract.For<Trip>(), [.. Trips.Header.Reverse()]).Passed);

    [Fact]
    public void OtherColumnsFailWithTheirFile()
    {
        var report = Open(
            Contract.For<Trip>(), "vendor", "passengers", "Distance", "flag", "picked_up", "fare", "fare", "tip");
        var difference = Assert.Single(report.Headers.Differences);
        Assert.Equal("a.csv", difference.File);
        Assert.Equal(["Distance", "tip"], difference.Extra);
        Assert.Equal(["distance"], difference.Missing);
        Assert.Equal(["fare"], difference.Repeated);
        Assert.False(report.Passed);
    }

    [Fact]
    public void ExtraAndMissingColumnsCanBeAllowed()
    {
        var header = Trips.Header.Except(["flag"]).Append("tip").ToArray();
        Assert.False(Open(Contract.For<Trip>().AllowsExtraColumns("tip"), header).Passed);
        Assert.False(Open(Contract.For<Trip>().AllowsMissingColumns("flag"), header).Passed);
        Assert.True(Open(Contract.For<Trip>().AllowsExtraColumns("tip").AllowsMissingColumns("flag"), header).Passed);
    }

    [Fact]
    public void DifferenceCanBeAWarning()
    {
        var report = Open(Contract.For<Trip>().Headers(Severity.Warn), [.. Trips.Header, "tip"]);
        Assert.Equal((CheckVerdict.Warned, true), (report.Headers.Verdict, report.Passed));
    }

    [Fact]
    public void RowOfAFileThatWasNotOpenedIsABug() => Assert.Equal(
        "BUG: b.csv line 2 was checked before 'b.csv' was opened with its header.",
        Assert.Throws<ArgumentException>(() => Contract.For<Trip>().Begin().Check(new(), new("b.csv", 2))).Message);

    [Fact]
    public void TwoFilesOfOneNameAreRefused()
    {
        var check = Contract.For<Trip>().Begin();
        check.Open("a.csv", Trips.Header);
        Assert.Equal(
            "'a.csv' was opened twice. A contract tells files apart by name: give each its own.",
            Assert.Throws<ArgumentException>(() => check.Open("a.csv", Trips.Header)).Message);
    }
}
