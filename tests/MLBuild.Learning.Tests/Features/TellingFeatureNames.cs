using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>Features that are numbered are told as ranges, all others by name.</summary>
public sealed class TellingFeatureNames
{
    [Theory]
    [InlineData("", "")]
    [InlineData("miles hour", "miles, hour")]
    [InlineData("w_0 w_1 w_2", "w_0 to w_2")]
    [InlineData("w_0 w_1", "w_0, w_1")]
    [InlineData("a w_08 w_09 w_10 w_11 b", "a, w_08 to w_11, b")]
    [InlineData("w_8 w_9 w_10", "w_8, w_9, w_10")]
    [InlineData("w_0 w_1 w_2 v_3 v_4 v_5", "w_0 to w_2, v_3 to v_5")]
    [InlineData("w_0 w_1 w_2 w_4 w_5", "w_0 to w_2, w_4, w_5")]
    [InlineData("w_2 w_1 w_0", "w_2, w_1, w_0")]
    [InlineData("1 2 3", "1 to 3")]
    [InlineData("9999999999998 9999999999999 x", "9999999999998, 9999999999999, x")]
    public void AsRangesOrOneByOne(string names, string said) =>
        Assert.Equal(said, FeatureNames.InWords(names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
