using System;
using System.Collections.Generic;
using System.Linq;

namespace Taxi;

/// <summary>Statistics that several stages use.</summary>
public static class Stats
{
    public static double Mean(IReadOnlyList<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / Math.Max(1, values.Count);
    }

    public static double Spread(IReadOnlyList<double> values)
    {
        var mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count));
    }

    public static double Clip(double value, double most = 100) => Math.Min(value, most);

    public static double Unasked(double value) => value * 17;
}

/// <summary>Order, for any type.</summary>
public static class Ranking
{
    public static T Best<T>(IEnumerable<T> items, Func<T, double> score) => items.OrderByDescending(score).First();

    public static T Worst<T>(IEnumerable<T> items, Func<T, double> score) => items.OrderBy(score).First();
}
