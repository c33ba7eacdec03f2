using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits of static data, packages, resources and of values that stages see without declaring them.</summary>
public static class StateEdits
{
    private const string Limits = "Domain/Limits.cs";

    public static readonly Mutation[] Statics =
    [
        new("strings of a static array", program => program.Replace(Limits, "\"mae\"", "\"median\""), "Evaluate"),
        new("order of a static array", program => program.Replace(Limits, "\"rmse\", \"mae\"", "\"mae\", \"rmse\""),
            "Evaluate"),
        new("data of a static array", program => program.Replace(Limits, "5, 9, 2, 6", "5, 9, 2, 7"), "Evaluate"),
        new("order of data", program => program.Replace(Limits, "5, 9, 2, 6", "9, 5, 2, 6"), "Evaluate"),
        new("data of a span", program => program.Replace(Limits, "23, 29", "23, 31"), "Evaluate"),
        new("static initialiser", program => program.Replace(Limits, "Math.Sqrt(2)", "Math.Cbrt(2)"), "Evaluate"),
        new("mutable static", program => program.Replace(Limits, "Offset = 5", "Offset = 8"), "Evaluate"),
        new("static constructor added", program => program.Before(Limits, "    public static double Of",
            "    static Calibration() => Console.WriteLine(\"calibrating\");\n\n"), "Evaluate"),
        new("module initialiser added", program => program.Add("Domain/Startup.cs", """
            namespace Taxi;

            public static class Startup
            {
                [System.Runtime.CompilerServices.ModuleInitializer]
                public static void Begin() => System.Console.WriteLine("begun");
            }
            """), "Ingest Features Train Evaluate Report Publish"),
    ];

    public static readonly Mutation[] Outside =
    [
        new("package version", program => program.WithPackage("Acme.Stats", "1.0.1"), "Evaluate"),
        new("version of a package's package", program => program.WithPackage("Acme.Numerics", "1.0.1"), "Evaluate"),
        new("version of a package of two stages", program => program.WithPackage("Acme.Rows", "1.0.1"),
            "Ingest Features"),
        new("version of an unused package", program => program.WithPackage("Acme.Charts", "1.0.1"), ""),
        new("embedded resource", program => program.Replace("Domain/template.txt", "fares", "fees"), "Report"),
    ];

    public static readonly Mutation[] Captured =
    [
        new("body of a captured delegate", program => program.Replace("_build/Build.cs", "\"F1\"", "\"F2\""),
            "Publish"),
        new("value of a captured local", program => program.Set("Heading", "fees"), "Publish"),
        new("declared build member", program => program.Set("Rate", 0.2), "Train"),
        new("undeclared build member", program => program.Set("Copies", 2), "Publish"),
        new("static build member", program => program.SetStatic("Build", "Region", "west"), "Publish"),
        new("unread build member", program => program.Set("Unread", "something"), ""),
        new("initial value of a declared build member", program =>
            program.Replace("_build/Build.cs", "Rate { get; set; } = 0.1", "Rate { get; set; } = 0.2"), "Train"),
        new("initial value of an undeclared build member", program =>
            program.Replace("_build/Build.cs", "Copies { get; set; } = 1", "Copies { get; set; } = 2"), "Publish"),
        new("mutable static set by the program", program => program.Set("Offset", 8), "Evaluate"),
        new("unread mutable static set by the program", program =>
            program.SetStatic("Taxi.Counters", "Unread", 8), ""),
    ];
}
