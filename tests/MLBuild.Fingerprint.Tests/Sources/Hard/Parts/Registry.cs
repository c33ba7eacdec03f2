using System;
using System.Collections.Generic;
using System.Linq;

namespace Parts;

/// <summary>Statics that declaration code fills and stages read.</summary>
public static class Registry
{
    public static readonly List<Func<double, double>> Functions = [];

    public static readonly Dictionary<string, IRule> Rules = [];

    public static readonly List<double> Numbers = [];

    public static readonly List<Func<double, double>> Extended = [];

    public static readonly List<Func<double, double>> Passed = [];

    public static readonly Dictionary<string, List<Func<double, double>>> Grouped = new() { ["all"] = [] };

    public static readonly List<double> Levels = [];

    public static Func<double, double>? Hook { get; set; }

    public static double Apply(double value) => Functions.Aggregate(value, (current, function) => function(current));

    public static bool Holds(string rule, double value) => Rules[rule].Holds(value);
}

/// <summary>What declaration code calls.</summary>
public static class Defaults
{
    public static void Register() => Registry.Functions.Add(value => value - 7);

    public static void Fill(List<Func<double, double>> functions) => functions.Add(value => value - 8);

    public static List<Func<double, double>> With(
        this List<Func<double, double>> functions, Func<double, double> function)
    {
        functions.Add(function);
        return functions;
    }
}
