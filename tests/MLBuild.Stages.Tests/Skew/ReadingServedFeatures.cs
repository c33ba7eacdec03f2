using MLBuild.Learning.Features;
using MLBuild.Stages.Skew;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Skew;

/// <summary>The files that a server logs predictions to.</summary>
public sealed class ReadingServedFeatures : IDisposable
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
            rows.SelectMany(row => row.Values(Schema)).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void OtherFeaturesAreNamed()
    {
        ServedFile.Write(LogFile, ["zone", "miles"], [("ab", 3, [1, 2])]);

        Assert.Equal(
            "log row 1: version 3 served the features zone, miles, expected miles, zone. "
            + "Compare with a log of this model.",
            Assert.Throws<FormatException>(() => Read().Single().Values(Schema)).Message);
    }

    [Fact]
    public void AFileWithoutFeaturesIsRefused()
    {
        ServedFile.Write(LogFile, [], [("ab", 3, [])]);

        Assert.Equal(
            "'log' is no file of a prediction log. Expected key String, version Int32 and Single of names like "
            + "feature_x, found key String, version Int32, score Single.",
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

    private ServedRow[] Read() => [.. ServedFeatures.Read(LogFile, "log")];
}
