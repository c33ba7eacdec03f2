using System;
using System.Linq;

namespace Taxi;

/// <summary>What no stage uses.</summary>
public static class Unrelated
{
    public static readonly string Text = string.Concat("un", "read");

    public static double Cube(double value) => value * value * value;

    public static int Total(int[] values) => values.Where(value => value > 1).Sum(value => value * 2);
}
