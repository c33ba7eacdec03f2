using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits of bodies, in every shape in which the compiler keeps one, and of what a virtual call comes
/// to.</summary>
public static class BodyEdits
{
    private const string Training = "Domain/Training.cs";
    private const string Transforms = "Domain/Transforms.cs";
    private const string Encoders = "Domain/Encoders.cs";

    public static readonly Mutation[] Bodies =
    [
        new("literal", program => program.Replace(Training, "Start = 0.5", "Start = 0.75"), "Train"),
        new("string literal", program => program.Replace("Domain/Ingestion.cs", "2.5,11.0", "2.5,11.5"), "Ingest"),
        new("helper of two stages", program =>
            program.Replace("Domain/Stats.cs", "return sum / ", "return 1 + sum / "), "Train Evaluate"),
        new("helper's helper", program => program.Replace("Domain/Stats.cs", "Math.Sqrt(", "Math.Cbrt("), "Evaluate"),
        new("generic helper", program =>
            program.Replace("Domain/Stats.cs", "OrderByDescending(score)", "OrderBy(score)"), "Features"),
        new("LINQ lambda", program => program.Replace(Training, "row * 2", "row * 3"), "Train"),
        new("lambda given to a generic helper", program =>
            program.Replace("Domain/Features.cs", "trip => trip.Distance)", "trip => trip.Fare)"), "Features"),
        new("lambda in a lambda", program =>
            program.Replace("Domain/Features.cs", "trip.Fare / longest", "trip.Fare * longest"), "Features"),
        new("root lambda", program => program.Replace("_build/Build.cs", "\"Fares\"", "\"Fees\""), "Report"),
        new("root lambda with captures", program =>
            program.Replace("_build/Build.cs", "title + show", "\"*\" + title + show"), "Publish"),
        new("local function", program => program.Replace(Training, "(target - current)", "(current - target)"),
            "Train"),
        new("iterator", program => program.Replace("Domain/Ingestion.cs", "line.Length > 4", "line.Length > 5"),
            "Ingest"),
        new("async body", program => program.Replace("Domain/Ingestion.cs", "attempt < retries", "attempt <= retries"),
            "Ingest"),
        new("string switch arm", program =>
            program.Replace("Domain/Ingestion.cs", "\"Yonkers\" => Zone.Outer", "\"Yonkers\" => Zone.Inner"), "Ingest"),
        new("string switch text", program => program.Replace("Domain/Ingestion.cs", "\"Newark\"", "\"EWR\""), "Ingest"),
        new("file-local type", program => program.Replace("Domain/ReportLayout.cs", "F3", "F4"), "Report"),
        new("anonymous member", program => program.Replace("Domain/Reporting.cs", "Lines = ", "Rows = "), "Report"),
        new("two lambdas swapped", program => program.Replace(Training,
            "value => value + 1, value => value * 3", "value => value * 3, value => value + 1"), "Train"),
        new("better overload added elsewhere", program => program.After("Domain/Format.cs",
            "Convert.ToString(value, CultureInfo.InvariantCulture) ?? \"\";",
            "\n\n    public static string Number(double value) => value.ToString(\"F2\");"), "Train"),
    ];

    public static readonly Mutation[] Dispatch =
    [
        new("override", program => program.Replace(Transforms, "Math.Log(1 + value)", "Math.Log(2 + value)"),
            "Features"),
        new("base virtual", program => program.Replace(Transforms, "value + 0.125", "value + 0.25"), "Features"),
        new("override added", program => program.Replace(Transforms, "public double Factor => 2;",
            "public double Factor => 2;\n\n    public override double Apply(double value) => value * Factor;"),
            "Features"),
        new("base class changed", program => program.Replace(
            Transforms, "PlainTransform : Transform", "PlainTransform : ClampedTransform"), "Features"),
        new("interface implementation", program => program.Replace(Encoders, "text[0] - 'A'", "text[0] - 'B'"),
            "Features"),
        new("default interface method", program => program.Replace(Encoders, "Weight() => 1.5", "Weight() => 2.5"),
            "Features"),
        new("implementation gains its own default method", program => program.Replace(Encoders,
            "public double Encode(string text) => text.Length;",
            "public double Encode(string text) => text.Length;\n\n    public double Weight() => 3;"), "Features"),
    ];
}
