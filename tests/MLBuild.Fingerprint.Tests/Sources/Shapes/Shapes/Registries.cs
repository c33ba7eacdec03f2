using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Shapes;

/// <summary>Each class is one way in which a static field is filled before the stage that reads it runs.</summary>
public static class AddingWithInit
{
    public sealed record Entry
    {
        public string Name { get; init; } = "";

        public double Rate { get; init; }
    }

    private static readonly List<Entry> All = [];

    public static void Fill() => All.Add(new Entry { Name = "x", Rate = 101 });

    public static double Value() => All[0].Rate;
}

public static class AddingWithSet
{
    private sealed class Entry
    {
        public double Rate { get; set; }
    }

    private static readonly List<Entry> All = [];

    public static void Fill() => All.Add(new Entry { Rate = 102 });

    public static double Value() => All[0].Rate;
}

public static class AddingEither
{
    private static readonly List<Func<double>> All = [];

    private static double Large() => 103;

    private static double Small() => 104;

    public static void Fill(bool isLarge) => All.Add(isLarge ? Large : Small);

    public static double Value() => All[0]();
}

public static class AssigningElements
{
    private static readonly double[] Weights = new double[3];

    public static void Fill() => Weights[0] = 105;

    public static double Value() => Weights[0];
}

public static class AddingToElements
{
    private static readonly double[] Weights = new double[3];

    public static void Fill() => Weights[0] += 106;

    public static double Value() => Weights[0];
}

public static class FillingArrays
{
    private static readonly double[] Weights = new double[3];

    public static void Fill() => Array.Fill(Weights, 107);

    public static double Value() => Weights[0];
}

public static class Builders
{
    private static readonly ImmutableArray<double>.Builder Weights = ImmutableArray.CreateBuilder<double>();

    public static void Fill() => Weights.Add(108);

    public static double Value() => Weights[0];
}

public static class HoldingWhatChanges
{
    private sealed class Setting
    {
        public double Rate;
    }

    private static readonly ImmutableArray<Setting> All = [new Setting()];

    public static void Fill() => All[0].Rate = 109;

    public static double Value() => All[0].Rate;
}
