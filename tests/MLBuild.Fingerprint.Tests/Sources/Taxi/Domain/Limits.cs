using System;

namespace Taxi;

/// <summary>Static values, most of them read by one stage.</summary>
public static class Limits
{
    public static readonly string[] Names = ["rmse", "mae", "bias"];

    public static readonly int[] Weights = [3, 1, 4, 1, 5, 9, 2, 6];

    public static readonly double Margin = Math.Sqrt(2);

    public static readonly double Unread = Math.Sqrt(3);

    public static ReadOnlySpan<byte> Magic => [7, 11, 13, 17, 19, 23, 29];
}

/// <summary>A value that anybody may change.</summary>
public static class Counters
{
    public static int Offset = 5;

    public static int Unread = 6;
}

/// <summary>Methods of a class without a static constructor.</summary>
public static class Calibration
{
    public static double Of(double value) => value + 0.25;
}

/// <summary>Values for another assembly.</summary>
public static class Labels
{
    public const string Unit = "dollars";

    public const string Unused = "pounds";

    public static readonly string Ending = string.Concat("!", "!");
}
