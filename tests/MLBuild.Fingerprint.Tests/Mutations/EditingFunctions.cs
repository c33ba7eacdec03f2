using System.Collections.Immutable;
using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>A function is the same in every program that has it, until its code is another.</summary>
public sealed class EditingFunctions
{
    private const string Domain = "Domain/Fares.cs";

    private static readonly SampleProgram Source = Program("_build", "Build's own.");

    private static readonly string Before = TextOf(Source);

    [Fact]
    public void AnotherProgramHasTheSameFunction() => Assert.Equal(
        Before,
        TextOf(Program("Server", "Another program.") with
        {
            RuntimeConfig = Source.RuntimeConfig.Replace(
                "\"System.Globalization.Invariant\": true", "\"System.Globalization.Invariant\": false"),
            Version = "2.0.0",
        }));

    [Fact]
    public void CommentsAndNamesOfLocalsChangeNothing() => Assert.Equal(
        Before,
        TextOf(Source.ReplaceAll(Domain, "rate", "price").Before(Domain, "    private static double Rate", """
                // Dollars.

            """)));

    [Fact]
    public void UnrelatedCodeChangesNothing() =>
        Assert.Equal(Before, TextOf(Source.Replace(Domain, "fare * 100", "fare * 99")));

    [Theory]
    [InlineData("miles * 2.5", "miles * 2.6", "method Fares.Rate changed")]
    [InlineData("miles > limit", "miles >= limit", "method Fares.Of (lambda) changed")]
    [InlineData("Fares.Of(30)", "Fares.Of(31)", "captured 'local 1 of Fares.Of' changed: 30 -> 31")]
    public void WhatItReachesChangesIt(string old, string now, string because)
    {
        var file = old.StartsWith("Fares.", StringComparison.Ordinal) ? "_build/Build.cs" : Domain;
        var changes = RecipeDiff.Between(Recipe.Parse(Before), Recipe.Parse(TextOf(Source.Replace(file, old, now))));
        Assert.Equal(because, RecipeDiff.Sentence(changes));
    }

    [Fact]
    public void WhatItRemembersIsNoPartOfIt()
    {
        using var program = new RunningProgram(CompiledProgram.Of(Source
            .Before(Domain, "    private static double Rate",
                "    private static double _last;\n\n    private static string[] _names;\n\n")
            .Replace(Domain, "return miles", "_names ??= [];\n        _last += miles;\n        return miles")));
        var function = FunctionOf(program);
        var before = program.OfFunction(function).Text;
        function.DynamicInvoke(3.0);
        Assert.Equal(before, program.OfFunction(function).Text);
    }

    [Fact]
    public void WhatItsProgramSetsIsAPartOfIt()
    {
        using var program = new RunningProgram(CompiledProgram.Of(Source
            .Before(Domain, "    private static double Rate", "    public static double Extra;\n\n")
            .Replace(Domain, "return miles", "return Extra + miles")));
        var before = program.OfFunction(FunctionOf(program));
        program.SetStatic("Fares", "Extra", 2.5);
        Assert.Equal("captured 'Fares.Extra' changed: 0 -> 2.5",
            RecipeDiff.Sentence(RecipeDiff.Between(before, program.OfFunction(FunctionOf(program)))));
    }

    [Fact]
    public void ReflectionIsSaid() => Assert.Equal(["reflects over what cannot be followed (Assembly.GetTypes)"],
        NotKnown(Source.Replace(Domain, "return miles * 2.5",
            "return typeof(Fares).Assembly.GetTypes().Length + miles * 2.5")));

    [Fact]
    public void AValueThatCannotBeKnownIsSaid() => Assert.Equal(
        ["reads 'local 2 of Fares.Of', a StringReader, whose value no recipe can hold"],
        NotKnown(Source.Replace(Domain, "Of(double limit) =>",
            "Of(double limit) => Of(limit, new System.IO.StringReader(\"2\"));\n\n"
            + "    private static Func<double, double> Of(double limit, System.IO.StringReader from) =>")
            .Replace(Domain, "miles > limit ? 0", "miles > limit ? from.Peek()")));

    [Fact]
    public void WhatIsKnownIsNotSaid() => Assert.Empty(NotKnown(Source));

    [Fact]
    public void AProgramWithoutItsListIsRefused() => Assert.Equal(
        "The code of 'fares' cannot be read: 'none.deps.json' is not there. " +
        "Run the program as 'dotnet build' or 'dotnet publish' made it, not trimmed and not as a single file.",
        Assert.Throws<MLBuild.Engine.PipelineException>(() =>
            new ReachabilityFingerprint("none.deps.json").OfFunction("fares", () => 1)).Message);

    private static SampleProgram Program(string name, string says) => new()
    {
        Files = new Dictionary<string, string>
        {
            [Domain] = """
                using System;

                public static class Fares
                {
                    public static Func<double, double> Of(double limit) => miles => miles > limit ? 0 : Rate(miles);

                    public static double Cents(double fare) => fare * 100;

                    private static double Rate(double miles)
                    {
                        var rate = 1 + Math.Sqrt(miles);
                        return miles * 2.5 + rate;
                    }
                }
                """,
            [$"{name}/Build.cs"] = $$"""
                using System;
                using MLBuild.Engine.Stages;

                public sealed class Build
                {
                    public Stage[] Stages => [];

                    public string Says => "{{says}}";

                    public Func<double, double> Function => Fares.Of(30);
                }
                """,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Projects = ["Domain", name],
    };

    private static string TextOf(SampleProgram source)
    {
        using var program = new RunningProgram(CompiledProgram.Of(source));
        return program.OfFunction(FunctionOf(program)).Text;
    }

    private static IEnumerable<string> NotKnown(SampleProgram source) =>
        ReachabilityFingerprint.NotKnown(Recipe.Parse(TextOf(source)));

    private static Delegate FunctionOf(RunningProgram program) =>
        (Delegate)program.Build.GetType().GetProperty("Function")!.GetValue(program.Build)!;
}
