using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>Edits that change no behaviour: text, places, names that only the source has, order.</summary>
public static class NeutralEdits
{
    private const string Training = "Domain/Training.cs";

    private const string Clip = """
            public static double Clip(double value, double most = 100) => Math.Min(value, most);


        """;

    public static readonly Mutation[] Texts =
    [
        new("clean rebuild", program => program, ""),
        new("comment", program => program.Before(Training, "        var weight", "        // A comment.\n"), ""),
        new("20 blank lines", program => program.Before(Training, "    public static void Run", new('\n', 20)), ""),
        new("reformat", program => program.Files.Keys.Where(IsCode).Aggregate(program, (edited, file) =>
            edited.Rewrite(file, text => CSharpSyntaxTree.ParseText(text).GetRoot()
                .NormalizeWhitespace("\t", "\r\n").ToFullString())), ""),
        new("#line, #region, #pragma", program => program.Before(Training, "        var weight", """
            #region Weights
            #line 7000 "Elsewhere.cs"
            #pragma warning disable CS0168

            """).After(Training, "weight = 0;\n", "#endregion\n"), ""),
        new("another directory", program => program with { Root = "/elsewhere/checkout/" }, ""),
        new("symbols in the assembly", program =>
            program with { Symbols = DebugInformationFormat.Embedded }, ""),
        new("version of both projects", program => program with { Version = "1.1.0" }, ""),
    ];

    public static readonly Mutation[] Names =
    [
        new("local renamed", program => program.ReplaceAll(Training, "weight", "slope"), ""),
        new("captured local renamed", program => program.ReplaceAll(Training, "target", "goal"), ""),
        new("captured local of a root renamed", program =>
            program.ReplaceAll("_build/Build.cs", "title", "caption"), ""),
        new("lambda parameter renamed", program =>
            program.Replace(Training, "row => row > 0.01", "value => value > 0.01"), ""),
        new("local function renamed", program => program.ReplaceAll(Training, "Step", "Advance"), ""),
    ];

    public static readonly Mutation[] Order =
    [
        new("methods reordered", program => program.Replace("Domain/Stats.cs", Clip, "")
            .Before("Domain/Stats.cs", "    public static double Mean", Clip), ""),
        new("classes reordered", program => program.Replace("Domain/Transforms.cs", LogTransform, "")
            .Append("Domain/Transforms.cs", LogTransform), ""),
        new("class split over two files", program => program
            .Replace("Domain/Stats.cs", "static class Stats", "static partial class Stats")
            .Replace("Domain/Stats.cs", Clip, "")
            .Add("Domain/Another.cs", "using System;\nnamespace Taxi;\n\npublic static partial class Stats\n{\n" +
                Clip + "}\n"), ""),
    ];

    private const string LogTransform = """
        public sealed class LogTransform : Transform
        {
            public override double Apply(double value) => Math.Log(1 + value);
        }

        """;

    private static bool IsCode(string file) => file.EndsWith(".cs", StringComparison.Ordinal);
}
