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

    public static Func<double, double>? Hook { get; set; }

    public static double Apply(double value) => Functions.Aggregate(value, (current, function) => function(current));

    public static bool Holds(string rule, double value) => Rules[rule].Holds(value);
}

/// <summary>What declaration code calls.</summary>
public static class Defaults
{
    public static void Register() => Registry.Functions.Add(value => value - 7);
}
