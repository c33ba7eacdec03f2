using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Code.Samples;

namespace MLBuild.Engine.Tests.Code;

/// <summary>Which members a stage's code is, and under which names.</summary>
public sealed class ReadingCode
{
    private const string Space = "MLBuild.Engine.Tests.Code.Samples::";

    private static readonly ReachabilityFingerprint Code = ReachabilityFingerprint.OfThisProgram();

    [Fact]
    public void WhatIsReachedIsNamed() => Assert.Equal(
    [
        "field Plain.Used", "method Plain.Helper(int)", "method Plain.Train(MLBuild.Engine.Stages.StageRun)",
    ], Members(Plain.Train));

    [Fact]
    public void LambdaIsNamedByWhereItStands() => Assert.Equal(["method Build.Other.get() (lambda)"],
        Members(new Build().Other));

    [Fact]
    public void VirtualCallsEndInTypesThatAreCreated()
    {
        var members = Members(Dispatch.Train);
        Assert.Contains("method Square.Area()", members);
        Assert.DoesNotContain(members, member => member.Contains("Circle", StringComparison.Ordinal));
    }

    [Fact]
    public void CallOfWhatIsNotVirtualEndsThere()
    {
        var members = Members(Direct.Train);
        Assert.Contains("method Field.Area()", members);
        Assert.DoesNotContain("method Square.Area()", members);
    }

    [Fact]
    public void FloorsOfMLBuildAreCodeAlsoAsPackages()
    {
        using var folder = new TempFolder();
        folder.Write("App.deps.json", """
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
              "targets": { ".NETCoreApp,Version=v10.0": {
                "App/1.0.0": { "runtime": { "App.dll": { } } },
                "MLBuild.Learning/1.0.0": { "runtime": { "lib/net10.0/MLBuild.Learning.dll": { } } },
                "MLBuild.Engine/1.0.0": { "runtime": { "lib/net10.0/MLBuild.Engine.dll": { } } },
                "MLBuild.Learning.Extras/1.0.0": { "runtime": { "lib/net10.0/MLBuild.Learning.Extras.dll": { } } }
              } },
              "libraries": {
                "App/1.0.0": { "type": "project" },
                "MLBuild.Learning/1.0.0": { "type": "package", "sha512": "sha512-a" },
                "MLBuild.Engine/1.0.0": { "type": "package", "sha512": "sha512-b" },
                "MLBuild.Learning.Extras/1.0.0": { "type": "package", "sha512": "sha512-c" }
              }
            }
            """);
        var libraries = new ProgramLibraries(folder["App.deps.json"]);
        Assert.Equal(["App", "MLBuild.Learning"], libraries.UserAssemblies);
        Assert.Equal(ProgramLibraries.LibraryKind.Engine, libraries.Of("MLBuild.Engine")!.Kind);
        Assert.Equal(ProgramLibraries.LibraryKind.Package, libraries.Of("MLBuild.Learning.Extras")!.Kind);
    }

    [Fact]
    public void SerializedTypesCountWhole()
    {
        var members = Members(Serializing.Train);
        Assert.Contains("type Row", members);
        Assert.Contains("method Row.ToString()", members);
        Assert.Contains("method Row.constructor(int, string)", members);
    }

    [Fact]
    public void TypesNamedByLiteralsCountWhole() => Assert.Contains("method Circle.Area()", Members(World.Named));

    [Fact]
    public void LiteralThatIsOnlyOneOfTwoNamesIsNoName() => Assert.Contains(
        Code.Of(Stage(World.NamedElsewhere)).Findings,
        finding => finding is { Kind: CodeFindingKind.Opaque, What: "Type.GetType" });

    [Fact]
    public void RegistriesBringWhoFillsThem()
    {
        var members = Members(Registry.Train);
        Assert.Contains("field Registry.Scorers", members);
        Assert.DoesNotContain("method Registry.Declare()", members);
        Assert.Contains("method Registry.Twice(double)", members);
    }

    [Fact]
    public void MethodsThatCallEachOtherFillARegistryToo() =>
        Assert.Contains("method Recursive.Thrice(double)", Members(Recursive.Train));

    [Fact]
    public void ReadingIsTheSameTwice() => Assert.Equal(
        ReachabilityFingerprint.OfThisProgram().Of(Stage(Dispatch.Train)).Entries,
        Code.Of(Stage(Dispatch.Train)).Entries);

    [Fact]
    public void FrameworkAndPackagesAreNamed()
    {
        var entries = Code.Of(Stage(run => Assert.True(run is not null))).Entries;
        Assert.Contains(entries, entry => entry is { Kind: RecipeKind.Framework, Name: "target" }
            && entry.Value == ".NETCoreApp,Version=v10.0");
        Assert.Contains(entries, entry =>
            entry is { Kind: RecipeKind.Framework, Name: "System.Globalization.Invariant", Type: "setting" });
        Assert.Contains(entries, entry => entry is { Kind: RecipeKind.Package, Name: "xunit.assert", Type: "version" }
            && entry.Value.StartsWith("2.9.3 sha512-", StringComparison.Ordinal));
        Assert.DoesNotContain(entries, entry => entry.Name == "System.GC.Server");
    }

    [Fact]
    public void VersionIsAllTheCodeThatCounts() => Assert.Equal([new(RecipeKind.Code, "code", "version", "2")],
        Code.Of(Declare(World.Scan).Version("2").Build()).Entries
            .Where(entry => entry.Kind != RecipeKind.Framework));

    [Fact]
    public void AssembliesCountWhole() => Assert.Equal(["assembly MLBuild.Engine.Tests"],
        Members(Declare(Plain.Train).TracksAssemblies().Build()));

    [Fact]
    public void SearchedAssembliesFallBackToWholeOnes()
    {
        Assert.Equal(["assembly MLBuild.Engine.Tests"], Members(World.Scan));
        Assert.Equal(
            ["reflects over what cannot be followed (Assembly.GetTypes), so its code is tracked by whole assemblies: " +
            "World.Scan, Samples.cs:89"],
            Code.Of(Stage(World.Scan)).Findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public void TrustedReachStaysReach()
    {
        var reading = Code.Of(Declare(World.Scan).TrustsReach("counts only").Build());
        Assert.Empty(reading.Findings);
        Assert.Contains(reading.Entries, entry => entry is { Type: "reason", Value: "counts only" });
        Assert.Contains(reading.Entries, entry => entry.Name.EndsWith("World.Scan(MLBuild.Engine.Stages.StageRun)",
            StringComparison.Ordinal));
    }

    [Fact]
    public void ReflectedTypesCountWhole() => Assert.Contains("method Circle.Area()",
        Members(Declare(Plain.Train).Reflects<Circle>().Build()));

    [Fact]
    public void CodeThatIsNotListedIsRefused()
    {
        using var folder = new TempFolder();
        folder.Write("App.deps.json", """
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
              "targets": { ".NETCoreApp,Version=v10.0": { } },
              "libraries": { }
            }
            """);
        Assert.Equal(
            $"The code of 'MLBuild.Engine.Tests' is not listed in '{folder["App.deps.json"]}', so what it depends on " +
            "is unknown. Run the build program as 'dotnet build' made it, with its .deps.json beside it.",
            Assert.Throws<PipelineException>(
                () => new ReachabilityFingerprint(folder["App.deps.json"]).Of(Stage(Plain.Train))).Message);
    }

    private static IEnumerable<string> Members(Action<StageRun> code) => Members(Stage(code));

    private static IEnumerable<string> Members(Stage stage) => new Recipe(Code.Of(stage).Entries).Entries
        .Where(entry => entry.Kind == RecipeKind.Code)
        .Select(entry => $"{entry.Type} {entry.Name.Replace(Space, "", StringComparison.Ordinal)}")
        .Order(StringComparer.Ordinal);

    private static Stage Stage(Action<StageRun> code) => Declare(code).Build();

    private static StageBuilder Declare(Action<StageRun> code) =>
        new StageBuilder(new("Train")).Writes("out.txt").Runs(code);
}
