using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Predictions;

/// <summary>The files that a server logs predictions to.</summary>
public sealed class ReadingServedRows : IDisposable
{
    private static readonly FeatureSchema Schema =
        new([new("miles", FeatureKind.Numeric), new("zone", FeatureKind.Categorical)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlbuild-served-").FullName;

    private string LogFile => Path.Combine(_folder, "log.parquet");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NumbersHaveTheBitsThatWereServed()
    {
        ServedFile.Write(LogFile, ["miles", "zone"], [("ab", 3, [0.1f, float.NaN]), ("cd", 4, [-0f, 1e10f])]);

        var rows = Read();

        Assert.Equal([("ab", 3), ("cd", 4)], rows.Select(row => (row.Key, row.Version)));
        Assert.Equal(
            new[] { 0.1f, float.NaN, -0f, 1e10f }.Select(BitConverter.SingleToInt32Bits),
            rows.SelectMany(row => row.FeaturesOf(Schema)).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void TimeAndTheScoreOfEachClassAreThoseOfTheRow()
    {
        var columns = new ServedColumns(["red", "a_score"], ["miles"]);
        ServedFile.Write(LogFile, columns, [new("", "ab", 3, ServedFile.Time, columns, [0.25f, 0.75f], [1])]);

        var row = Assert.Single(Read());

        Assert.Equal((ServedFile.Time, DateTimeKind.Utc), (row.TimeUtc, row.TimeUtc.Kind));
        Assert.Equal(columns.Classes, row.Columns.Classes);
        Assert.Equal([0.25f, 0.75f], row.Scores);
        Assert.Equal(
            "log row 1: version 3 served the scores red, a_score, expected one number for each row. Compare with a log "
            + "of this model.",
            Assert.Throws<TableException>(() => row.ScoresOf(LearningTask.Regression)).Message);
    }

    [Fact]
    public void OtherFeaturesAreNamed()
    {
        ServedFile.Write(LogFile, ["zone", "miles"], [("ab", 3, [1, 2])]);

        Assert.Equal(
            "log row 1: version 3 served the features zone, miles, expected miles, zone. "
            + "Compare with a log of this model.",
            Assert.Throws<TableException>(() => Read().Single().FeaturesOf(Schema)).Message);
    }

    [Fact]
    public void AFileWithoutFeaturesIsRefused()
    {
        ServedFile.Write(LogFile, [], [("ab", 3, [])]);

        Assert.Equal(
            "'log' is no file of a prediction log. Expected key String, version Int32, time DateTime, and Single of "
            + "names like score and feature_x, found key String, version Int32, time DateTime, score Single.",
            Assert.Throws<TableException>(Read).Message);
    }

    [Fact]
    public void AFileThatIsCutOffIsRefused()
    {
        ServedFile.Write(LogFile, ["miles", "zone"], [("ab", 3, [1, 2])]);
        using (var file = File.OpenWrite(LogFile))
            file.SetLength(file.Length / 2);

        Assert.EndsWith(
            " It is something else, cut off or corrupt: let the server write another, and take this one away.",
            Assert.Throws<TableException>(Read).Message);
    }

    private ServedRow[] Read() => [.. ServedRows.Read(LogFile, "log")];
}
