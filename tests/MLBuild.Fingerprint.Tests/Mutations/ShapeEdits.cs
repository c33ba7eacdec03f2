using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits of what a package or the framework sees by reflection, and of constants that other code
/// holds.</summary>
public static class ShapeEdits
{
    private const string Trip = "Domain/Trip.cs";
    private const string Summary = "Domain/Summary.cs";

    public static readonly Mutation[] Shapes =
    [
        new("[Column]", program => program.Replace(Trip, "\"fare\"", "\"price\""), "Ingest Features"),
        new("[Position]", program => program.Replace(Trip, "Position(3)", "Position(0)"), "Ingest Features"),
        new("[Width], a named argument", program => program.Replace(Trip, "Most = 8", "Most = 9"), "Ingest Features"),
        new("[JsonPropertyName]", program => program.Replace(Summary, "\"error\"", "\"rmse\""), "Evaluate Report"),
        new("property type", program => program.Replace(Summary, "int Rows", "long Rows"), "Evaluate Report"),
        new("new property", program => program.Before(Trip, "    public double FarePerMile",
            "    public int Riders { get; set; }\n\n"), "Ingest Features"),
        new("property order", program => program.Swap(
            Trip, "[Column(\"distance\"), Position(1), Width(Most = 8)]\n    public double Distance { get; set; }",
            "[Column(\"fare\"), Position(2)]\n    public double Fare { get; set; }"), "Ingest Features"),
        new("record default", program => program.Replace(Summary, "Rows = 1", "Rows = 2"), "Evaluate Report"),
        new("property initialiser", program => program.Replace(Summary, "\"USD\"", "\"EUR\""), "Evaluate Report"),
        new("computed property", program => program.Replace(Trip, "Fare / Distance", "Distance / Fare"),
            "Ingest Features"),
        new("computed property of a record", program => program.Replace(Summary, "\" \" + ", "\", \" + "),
            "Evaluate Report"),
        new("ToString", program => program.Replace(Trip, "{Zone}: ", "{Zone} "), "Ingest Features"),
    ];

    public static readonly Mutation[] Constants =
    [
        new("const in another assembly", program => program.Replace("Domain/Limits.cs", "dollars", "cents"), "Publish"),
        new("static readonly in another assembly", program => program.Replace(
            "Domain/Limits.cs", "string.Concat(\"!\", \"!\")", "string.Concat(\"!\", \"?\")"), "Publish"),
        new("enum member's name", program => program.Replace(Trip, "Airport", "Airfield")
            .ReplaceAll("Domain/Ingestion.cs", "Zone.Airport", "Zone.Airfield"), "Ingest Features"),
        new("enum member's value", program => program.Replace(Trip, "Airport = 3", "Airport = 4"), "Ingest Features"),
        new("default parameter value", program => program.Replace("Domain/Stats.cs", "most = 100", "most = 50"),
            "Evaluate"),
    ];
}
