using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits beside what stages use: additions that shift what the compiler numbers, members that nobody reaches,
/// declarations that say the same.</summary>
public static class UnrelatedEdits
{
    private const string Training = "Domain/Training.cs";
    private const string Run = "    public static void Run";

    public static readonly Mutation[] Additions =
    [
        new("closures added before", program => program.Before(Training, Run, """
                public static Func<double> Closures(double a, double b)
                {
                    Func<double> sum = () => a + b;
                    foreach (var c in new[] { a, b })
                        sum += () => c * a + Enumerable.Range(0, 3).Select(d => d * b).Sum();
                    return sum;
                }


            """), ""),
        new("local function, iterator and async method added before", program => program.Before(Training, Run, """
                public static System.Collections.Generic.IEnumerable<int> Count(int most)
                {
                    for (var i = 0; i < most; i++)
                        yield return Twice(i);

                    static int Twice(int value) => value * 2;
                }

                public static async System.Threading.Tasks.Task<int> Wait(int seconds)
                {
                    await System.Threading.Tasks.Task.Yield();
                    return Twice(seconds);

                    static int Twice(int value) => value * 2;
                }


            """), ""),
        new("anonymous types added before", program => program.Before("Domain/Reporting.cs", Run, """
                public static object Anonymous() => new object[]
                {
                    new { A = 1 }, new { A = 1, B = 2.0 }, new { B = "", C = 'c', D = 1 }, new { Lines = 1, Title = 2 },
                };


            """), ""),
        new("string switch and arrays added before", program => program.Before("Domain/Format.cs",
            "    public static string Number", """
                public static readonly long[] Primes = [2, 3, 5, 7, 11, 13, 17, 19];

                public static int Month(string name) => name switch
                {
                    "January" => 1, "February" => 2, "March" => 3, "April" => 4, "May" => 5, "June" => 6,
                    "July" => 7, "August" => 8, "September" => 9, _ => Primes.Length,
                };


            """), ""),
        new("stage added first", program => program.Before("_build/Build.cs", "    public Stage Ingest", """
                public Stage Extra
                {
                    get
                    {
                        var note = Unread;
                        return new StageBuilder(new("Extra"))
                            .Writes("extra.txt")
                            .Runs(run => File.WriteAllText(run.Output("extra.txt"), note + Epochs))
                            .Build();
                    }
                }


            """).Replace("_build/Build.cs", "[Ingest,", "[Extra, Ingest,"), ""),
        new("stage without captures added first", program =>
            program.Before("_build/Build.cs", "    public Stage Ingest", """
                public Stage Extra => new StageBuilder(new("Extra"))
                    .Writes("extra.txt")
                    .Runs(run => File.WriteAllText(run.Output("extra.txt"), "extra"))
                    .Build();


            """).Replace("_build/Build.cs", "[Ingest,", "[Extra, Ingest,"), ""),
    ];

    public static readonly Mutation[] Elsewhere =
    [
        new("unrelated class", program => program.Replace("Domain/Unrelated.cs", "* value;", "+ value;"), ""),
        new("unrelated method beside used ones", program => program.Replace("Domain/Stats.cs", "* 17", "* 18"), ""),
        new("unrelated lambda", program => program.Replace("Domain/Unrelated.cs", "value > 1", "value > 2"), ""),
        new("override of a class never made", program =>
            program.Replace("Domain/Transforms.cs", "Math.Sqrt(value)", "Math.Cbrt(value)"), ""),
        new("default method of a class never made", program =>
            program.Replace("Domain/Encoders.cs", "\"one\"", "\"two\""), ""),
        new("unused const", program => program.Replace("Domain/Limits.cs", "pounds", "euros"), ""),
        new("unread resource", program => program.Replace("Domain/notes.txt", "Nobody", "Somebody"), ""),
        new("new unrelated implementations", program => program
            .Append("Domain/Transforms.cs", """

                public class CubeTransform : Transform
                {
                    public override double Apply(double value) => value * value * value;
                }

                """)
            .Append("Domain/Encoders.cs", """

                public sealed class ConstantEncoder : IEncoder
                {
                    public double Encode(string text) => 1;

                    public double Weight() => 2;
                }

                """), ""),
        new("unused static", program => program.Replace("Domain/Unrelated.cs", "\"un\"", "\"never \""), ""),
        new("unused mutable static", program => program.Replace("Domain/Limits.cs", "Unread = 6", "Unread = 7"), ""),
    ];

    public static readonly Mutation[] Declarations =
    [
        new("nullable annotation", program =>
            program.Replace("Domain/Ingestion.cs", "Parse(string line)", "Parse(string? line)")
                .Replace("Domain/Ingestion.cs", "line.Split(',')", "line!.Split(',')"), ""),
        new("private made public", program =>
            program.Replace("Domain/Ingestion.cs", "private static Trip", "public static Trip"), ""),
        new("[Obsolete] added", program => program.Before("Domain/Stats.cs", "    public static double Mean",
            "    [Obsolete(\"Use another.\")]\n"), ""),
        new("documentation added", program => program.Before("Domain/Stats.cs", "    public static double Mean",
            "    /// <summary>The mean.</summary>\n"), ""),
        new("var made explicit", program => program.Replace(Training, "var weight", "double weight"), ""),
        new(ExpressionToBlock, program => program.Replace("Domain/Stats.cs",
            "=> Math.Min(value, most);", "{ return Math.Min(value, most); }"), ""),
    ];

    public const string ExpressionToBlock = "expression made a block";

    public const string FileRenamed = "source file of a file-local type renamed";

    public const string OtherInitialiser = "initialiser of another field of a read class";

    public static readonly Mutation[] Hardest =
    [
        new(FileRenamed, program => program.Rename("Domain/ReportLayout.cs", "Domain/Layout.cs"), ""),
        new(OtherInitialiser, program => program.Replace("Domain/Limits.cs", "Math.Sqrt(3)", "Math.Sqrt(5)"), ""),
    ];
}
