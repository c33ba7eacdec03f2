using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tests.Tables;

namespace MLBuild.Stages.Tests.Reports;

/// <summary>A report reads back as it was written, or not at all.</summary>
public sealed class ReadingReports : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TextsOfAnyKindReadBack()
    {
        var columns = new[] { "ü", "a\"b", "c\\d", "line\nbreak", "€ <tag> & 'x'" };
        var report = new IngestReport("ä b.csv", columns, 5, 4, 1, 0, 0);
        ReportFile.Write(_folder["r.json"], report);
        var read = ReportFile.Read<IngestReport>(_folder["r.json"]);
        Assert.Equal(columns, read.Columns);
        Assert.Equal(report with { Columns = read.Columns }, read);
        Assert.Contains("\"file\": \"ä b.csv\"", File.ReadAllText(_folder["r.json"]));
        Assert.DoesNotContain("\r", File.ReadAllText(_folder["r.json"]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ANumberThatIsNotFiniteIsNotWritten(double number) =>
        Assert.Throws<ArgumentException>(() =>
            ReportFile.Write(_folder["r.json"], new SplitReport(new() { HoldOutShare = number }, 1, 1, 0)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"rule": null, "trainRows": 1, "holdOutRows": 1, "keysOnBothSides": 0}""")]
    [InlineData("""{"rule": {}, "trainRows": 1, "holdOutRows": 1}""")]
    [InlineData("""{"rule": {}, "trainRows": "1", "holdOutRows": 1, "keysOnBothSides": 0}""")]
    public void ATextThatIsNoSuchReportIsRefused(string json)
    {
        var path = _folder.Write("split.json", json);
        var error = Assert.Throws<FormatException>(() => ReportFile.Read<SplitReport>(path));
        Assert.StartsWith($"'{path}' is not a SplitReport: ", error.Message);
    }

    [Fact]
    public void NullIsNoReport()
    {
        var path = _folder.Write("evaluation.json", "null");
        var error = Assert.Throws<FormatException>(() => ReportFile.Read<EvaluateReport>(path));
        Assert.Equal($"'{path}' holds no EvaluateReport.", error.Message);
    }
}
