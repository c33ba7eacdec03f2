using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits of what a stage comes to only at run time: objects in build fields, delegates in registries, types
/// found by reflection; and what an author says about tracking.</summary>
public static class HardEdits
{
    private const string Build = "_build/Build.cs";
    private const string Rules = "Parts/Rules.cs";

    // Tracked by every member of every user assembly: the one asks for it, the others look for types by what cannot
    // be followed.
    public const string ByAssemblies = "Whole Scanning Named";

    // Tracked by what the author says.
    public const string ByVersion = "Versioned";

    private const string Everything = "Interfaced Listed Function Curve Virtual Metric Held Nested Pair AsyncPair " +
        "Linear Reflecting Registered Ruled Numbered Hooked Extended Passed Grouped Leveled Described Simple " +
        "Versioned Trusted Whole Scanning Named";

    public static readonly Mutation[] Objects =
    [
        Code("object behind an interface in a build field", "Interfaced",
            program => program.Replace("Parts/Scoring.cs", "value * factor", "value / factor")),
        Code("its constructor argument", "Interfaced",
            program => program.Replace(Build, "new FastScorer(2)", "new FastScorer(3)")),
        Code("another class behind it", "Interfaced",
            program => program.Replace(Build, "new FastScorer(2)", "new SlowScorer()")),
        Code("class of that interface that nobody makes", "",
            program => program.Replace("Parts/Scoring.cs", "value + 100", "value + 200")),
        Code("object in a list of the build", "Listed",
            program => program.Replace(Rules, "value <= most", "value < most")),
        Code("constructor argument of an object in a list", "Listed",
            program => program.Replace(Build, "new MaxRule(9)", "new MaxRule(8)")),
        Code("order of a list", "Listed", program => program.Replace(Build,
            "new MinRule(1), new MaxRule(9)", "new MaxRule(9), new MinRule(1)")),
        Code("object in a captured local", "Held",
            program => program.Replace("Parts/Scoring.cs", "value + held", "held - value")),
        Code("constructor argument of a captured object", "Held",
            program => program.Replace(Build, "new Holder(4)", "new Holder(5)")),
        Code("lambda in a build field", "Function",
            program => program.Replace(Build, "value => value * value", "value => value + value")),
        Code("closure in a build field", "Curve",
            program => program.Replace(Build, "Math.Pow(value, exponent)", "Math.Pow(exponent, value)")),
        Code("what a closure in a build field captured", "Curve",
            program => program.Replace(Build, "Power(2)", "Power(3)")),
        Code("two captured locals exchanged", "Pair",
            program => program.Replace(Build, "first - second", "second - first")),
        Code("two captured locals exchanged in an async lambda", "AsyncPair",
            program => program.Replace(Build, "first / second", "second / first")),
        Code("two captured parameters of a closure in a build field exchanged", "Linear",
            program => program.Replace(Build, "slope * value + offset", "offset * value + slope")),
        new("nested captures", program => program.Set("Level", 3), "Nested Pair AsyncPair Leveled"),
    ];

    public static readonly Mutation[] Slots =
    [
        Code("override on the build class", "Virtual",
            program => program.Replace(Build, "value * 11", "value * 12")),
        Code("virtual of the build class's base", "Virtual",
            program => program.Replace(Build, "value + 10", "value + 12")),
        Code("override added to the build class", "Virtual", program => program.Before(Build,
            "    private static Func<double, double> Power",
            "    protected override double Shift(double value) => value - 3;\n\n")),
        Code("static abstract", "Metric",
            program => program.Replace("Parts/Metrics.cs", "difference * difference", "difference")),
        Code("static virtual default", "Metric", program => program.Replace("Parts/Metrics.cs", "1.5", "2.5")),
        Code("static abstract of another type", "",
            program => program.Replace("Parts/Metrics.cs", "-difference :", "difference :")),
        Code("method called by reflection on a known object", "Reflecting",
            program => program.Replace("Parts/Gauge.cs", "42", "43")),
        Code("display classes shifted", "", program => program.Before(Build, "    public Build()", """
                public static Func<int> Shifting(int a, int b)
                {
                    Func<int> one = () => a;
                    foreach (var c in new[] { b })
                        one += () => a + b + c;
                    return one;
                }


            """)),
    ];

    public static readonly Mutation[] Registries =
    [
        Code("delegate in a static list, put there by declaration code", "Registered",
            program => program.Replace(Build, "value + 5", "value + 6")),
        Code("delegate in a static list, put there by code that declaration code calls", "Registered",
            program => program.Replace("Parts/Registry.cs", "value - 7", "value - 9")),
        Code("delegate more in a static list", "Registered", program => program.Before(Build,
            "        Defaults.Register();", "        Registry.Functions.Add(Math.Abs);\n")),
        Code("object in a static dictionary", "Ruled",
            program => program.Replace(Rules, "value % 2 == 0", "value % 2 == 1")),
        Code("number in a static list", "Numbered",
            program => program.Replace(Build, "Numbers.Add(3.5)", "Numbers.Add(4.5)")),
        Code("delegate given to an extension method of a static list", "Extended",
            program => program.Replace(Build, "value * 13", "value * 16")),
        Code("second delegate given to an extension method of a static list", "Extended",
            program => program.Replace(Build, "value * 14", "value * 16")),
        Code("delegate added by a method that is given a static list", "Passed",
            program => program.Replace("Parts/Registry.cs", "value - 8", "value - 9")),
        Code("delegate in a list in a static dictionary", "Grouped",
            program => program.Replace(Build, "value * 15", "value * 16")),
        Code("delegate in a static property", "Hooked", program => program.Replace(Build, "value * 6", "value * 7")),
    ];

    public static readonly Mutation[] Tracking =
    [
        new("comment", program => program.Before(Build, "    public Build()", "    // A comment.\n"), ""),
        new("another directory", program => program with { Root = "/elsewhere/" }, ""),
        Code("code of no stage", "", program => program.Replace("Parts/Unrelated.cs", "17", "19")),
        Code("plugin added", "Trusted", program => program.Append("Parts/Plugins.cs", """

            public sealed class SecondPlugin : IPlugin
            {
                public double Run() => 2;
            }

            """)),
        Code("code of a stage with a version", "Simple",
            program => program.Replace("Parts/Unrelated.cs", "18", "20")),
        Code("version of a stage", "Versioned", program => program.Replace(Build, "Version(\"2\")", "Version(\"3\")")),
        Code("reason of trust", "Trusted", program => program.Replace(Build, "every plugin is", "all plugins are")),
        Code("method of a type that a package reflects over", "Described",
            program => program.Replace("Parts/Gauge.cs", "\"back\"", "\"rear\"")),
        new("runtime knob",
            program => program.WithRuntimeConfig("Invariant\": true", "Invariant\": false"), Everything),
        new("runtime patch", program => program.WithRuntimeConfig("10.0.0", "10.0.1"), ""),
    ];

    // Every edit of code changes the stages that are tracked by assemblies.
    private static Mutation Code(string name, string changes, Func<SampleProgram, SampleProgram> edit) =>
        new(name, edit, $"{changes} {ByAssemblies}".Trim());
}
