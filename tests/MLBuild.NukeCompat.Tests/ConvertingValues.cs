using System.Globalization;
using Nuke.Common.CI;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace MLBuild.NukeCompat.Tests;

/// <summary>Text becomes values of a parameter's type, or the message says what was expected.</summary>
public class ConvertingValues
{
    private enum Device
    {
        Cpu,
        Cuda
    }

    [Flags]
    private enum Parts
    {
        Train = 1,
        Test = 2
    }

    private sealed class Mode : Enumeration
    {
        public static readonly Mode Fast = new() { Value = "fast!" };
        public static readonly Mode Slow = new() { Value = "slow!" };
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("TRUE", true)]
    [InlineData("-12", -12)]
    [InlineData("9000000000", 9_000_000_000L)]
    [InlineData("255", (byte)255)]
    [InlineData("-0.5", -0.5)]
    [InlineData("1e-3", 1e-3)]
    [InlineData("2.5", 2.5f)]
    public void ValueOfTheType(string text, object expected)
    {
        Assert.True(ValueConversion.TryConvert([text], expected.GetType(), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("0,5", typeof(double))]
    [InlineData("1,000", typeof(int))]
    [InlineData("1.5", typeof(int))]
    [InlineData("99999999999", typeof(int))]
    [InlineData("256", typeof(byte))]
    [InlineData("yes", typeof(bool))]
    [InlineData("", typeof(int))]
    [InlineData("2", typeof(Device))]
    [InlineData("Gpu", typeof(Device))]
    [InlineData("Medium", typeof(Mode))]
    [InlineData("4/3", typeof(Partition))]
    [InlineData("0/3", typeof(Partition))]
    [InlineData("not a version", typeof(Version))]
    public void NoValueOfTheType(string text, Type type) =>
        Assert.False(ValueConversion.TryConvert([text], type, out _));

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            Assert.True(ValueConversion.TryConvert(["0.25"], typeof(double), out var value));
            Assert.Equal(0.25, value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void NamesInAnyCase()
    {
        Assert.True(ValueConversion.TryConvert(["cuda"], typeof(Device?), out var device));
        Assert.Equal(Device.Cuda, device);
        Assert.True(ValueConversion.TryConvert(["SLOW"], typeof(Mode), out var mode));
        Assert.Same(Mode.Slow, mode);
        Assert.True(ValueConversion.TryConvert(["train, test"], typeof(Parts), out var parts));
        Assert.Equal(Parts.Train | Parts.Test, parts);
    }

    [Fact]
    public void ArraysTakeAnyNumberOfValuesOthersOne()
    {
        Assert.True(ValueConversion.TryConvert(["1", "2"], typeof(int[]), out var several));
        Assert.Equal(new[] { 1, 2 }, several);
        Assert.True(ValueConversion.TryConvert([], typeof(double[]), out var none));
        Assert.Equal(Array.Empty<double>(), none);
        Assert.False(ValueConversion.TryConvert(["1", "2"], typeof(int), out _));
    }

    [Fact]
    public void RelativePathStartsWhereItWasWritten()
    {
        var written = Path.GetTempPath();

        Assert.True(ValueConversion.TryConvert(["sub/../m.zip"], typeof(AbsolutePath), out var path, written));
        Assert.Equal(Path.Combine(written, "m.zip"), path!.ToString());
    }

    [Fact]
    public void TypesWithAConverterOfTheirOwn()
    {
        Assert.True(ValueConversion.TryConvert(["1.2.3"], typeof(Version), out var version));
        Assert.Equal(new Version(1, 2, 3), version);
        Assert.True(ValueConversion.TryConvert(["2/3"], typeof(Partition), out var partition));
        Assert.Equal("2/3", partition!.ToString());
    }

    [Theory]
    [InlineData(typeof(int?), "a whole number")]
    [InlineData(typeof(double[]), "a number")]
    [InlineData(typeof(byte), "a whole number in 0..255")]
    [InlineData(typeof(bool), "true or false")]
    [InlineData(typeof(string), "one text")]
    [InlineData(typeof(Device?), "one of Cpu, Cuda")]
    [InlineData(typeof(Mode), "one of Fast, Slow")]
    [InlineData(typeof(TimeSpan), "a duration such as 00:01:30")]
    [InlineData(typeof(AbsolutePath), "a path")]
    [InlineData(typeof(Partition), "part/total such as 1/3")]
    [InlineData(typeof(Uri), "a value of type Uri")]
    public void WhatIsExpected(Type type, string expectation) =>
        Assert.Equal(expectation, ValueConversion.Expectation(type));
}
