using System.Numerics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Statistics;

/// <summary>A sum that is rounded once has the same bits in every order.</summary>
public sealed class SummingExactly
{
    [Fact]
    public void SmallNumbersBesideLargeOnesAreNotLost()
    {
        Assert.Equal(2.0, Sum([1e100, 1, 1, -1e100]));
        Assert.Equal(1.0, Sum(Enumerable.Repeat(0.1, 10)));
        Assert.Equal(0.0, Sum([]));
        // Exactly half-way between two doubles, until the last number says to which side.
        Assert.Equal(1 + Math.Pow(2, -52), Sum([1, Math.Pow(2, -53), Math.Pow(2, -200)]));
        Assert.Equal(1.0, Sum([1, Math.Pow(2, -53)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EqualsArithmeticOfWholeNumbersInEveryOrderAndGrouping(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var numbers = Enumerable.Range(0, 1 + random.Next(60))
                .Select(_ => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60))).ToArray();
            var expected = Whole(numbers);
            Assert.Equal(expected, Sum(numbers));
            random.Shuffle(numbers);
            Assert.Equal(expected, Sum(numbers));
            var (left, right) = (new ExactSum(), new ExactSum());
            foreach (var (i, number) in numbers.Index())
                (i % 3 == 0 ? left : right).Add(number);
            left.Add(right);
            Assert.Equal(expected, left.Value);
        }
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(1e300, "1E+300")]
    public void WhatIsNoNumberIsRefused(double number, string shown) => Assert.Equal(
        $"{shown} cannot be summed: it is not finite or beyond 1e290.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExactSum().Add(number)).Message);

    private static double Sum(IEnumerable<double> numbers)
    {
        var sum = new ExactSum();
        foreach (var number in numbers)
            sum.Add(number);
        return sum.Value;
    }

    // Every number here is a whole one times 2^-120 or so; the sum is rounded to 53 bits, half to even.
    private static double Whole(double[] numbers)
    {
        const int shift = 200;
        var sum = numbers.Aggregate(BigInteger.Zero, (total, number) =>
        {
            var bits = BitConverter.DoubleToInt64Bits(number);
            var exponent = (int)((bits >> 52) & 0x7ff);
            var mantissa = new BigInteger((bits & 0xfffffffffffff) | (exponent == 0 ? 0 : 1L << 52));
            var whole = number == 0 ? 0 : mantissa << (Math.Max(exponent, 1) - 1075 + shift);
            return total + (number < 0 ? -whole : whole);
        });
        if (sum.IsZero)
            return 0;
        var size = BigInteger.Abs(sum);
        var drop = (int)size.GetBitLength() - 53;
        if (drop > 0)
        {
            var (rest, half) = (size & ((BigInteger.One << drop) - 1), BigInteger.One << (drop - 1));
            size >>= drop;
            if (rest > half || (rest == half && !size.IsEven))
                size++;
            size <<= drop;
        }
        return sum.Sign * Math.ScaleB((double)(size >> Math.Max(drop, 0)), Math.Max(drop, 0) - shift);
    }
}
