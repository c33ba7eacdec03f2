using MLBuild.Learning.Features;
using MLBuild.Stages.Skew;

namespace MLBuild.Stages.Tests.Skew;

/// <summary>The lines that a server logs of the features it computes.</summary>
public sealed class ReadingServedFeatures : IDisposable
{
    private static readonly FeatureSchema Schema =
        new([new("miles", FeatureKind.Numeric), new("zone", FeatureKind.Categorical)]);

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void NumbersHaveTheBitsThatWereServed()
    {
        Write("""{"key":"ab","version":3,"features":{"miles":0.1,"zone":"NaN"}}""" + "\n"
            + """{"key":"cd","version":4,"features":{"miles":-0,"zone":1E+10}}""" + "\n");

        var rows = Read();

        Assert.Equal([("ab", 3), ("cd", 4)], rows.Select(row => (row.Key, row.Version)));
        Assert.Equal(
            new[] { 0.1f, float.NaN, -0f, 1e10f }.Select(BitConverter.SingleToInt32Bits),
            rows.SelectMany(row => row.Values(Schema)).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void ALineWithoutAnEndIsStillBeingWritten()
    {
        Write("""{"key":"ab","version":3,"features":{"miles":1,"zone":2}}""" + "\n" + """{"key":"cd","vers""");
        Assert.Equal(["ab"], Read().Select(row => row.Key));
        Write("");
        Assert.Empty(Read());
    }

    [Fact]
    public void OtherFeaturesAreNamed()
    {
        Write("""{"key":"ab","version":3,"features":{"zone":1,"miles":2}}""" + "\n");
        Assert.Equal(
            $"{Path.GetFileName(_file)} line 1: version 3 served the features zone, miles, expected miles, zone. "
            + "Compare with a log of this model.",
            Assert.Throws<FormatException>(() => Read().Single().Values(Schema)).Message);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"key":null,"version":3,"features":{"miles":1,"zone":2}}""")]
    [InlineData("""{"key":"ab","version":3,"features":{"miles":"far","zone":2}}""")]
    public void WhatIsNoServedRowIsRefused(string line)
    {
        Write("""{"key":"ab","version":3,"features":{"miles":1,"zone":2}}""" + "\n" + line + "\n");
        Assert.StartsWith(
            $"{Path.GetFileName(_file)} line 2: no served row, expected one with key, version and features",
            Assert.Throws<FormatException>(Read).Message);
    }

    private void Write(string text) => File.WriteAllText(_file, text);

    private ServedRow[] Read() => [.. ServedFeatures.Read(_file)];
}
