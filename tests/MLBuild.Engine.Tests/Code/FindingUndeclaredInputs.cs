using MLBuild.Engine.Code;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Code.Samples;

namespace MLBuild.Engine.Tests.Code;

/// <summary>What a stage's code reads without declaring it, in the words that people see.</summary>
public sealed class FindingUndeclaredInputs
{
    private static readonly ReachabilityFingerprint Code = ReachabilityFingerprint.OfThisProgram();

    public static TheoryData<string, string> Worlds => new()
    {
        { nameof(World.Clock),
            "reads the clock (DateTime.UtcNow) without declaring it: World.Clock -> World.Stamp, 72" },
        { nameof(World.Environment),
            "reads the environment (Environment.GetEnvironmentVariable(\"NOTE\")) without declaring it: " +
            "World.Environment, 74" },
        { nameof(World.Random), "draws random numbers without a seed (new Random()): World.Random, 76" },
        { nameof(World.File),
            "opens a file by a literal path (\"rates.csv\") without declaring it: World.File, 78" },
        { nameof(World.Process), "starts a process (Process.Start) without declaring it: World.Process, 81" },
        { nameof(World.Network), "uses the network (new HttpClient()) without declaring it: World.Network, 85" },
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void TheWorldAroundIsNamedWithItsPlace(string method, string finding) => Assert.Equal(
        [finding[..(finding.LastIndexOf(' ') + 1)] + $"Samples.cs:{finding.Split(' ')[^1]}"],
        Findings(Of(method).Build()));

    [Theory]
    [InlineData(nameof(World.Clock))]
    [InlineData(nameof(World.Process))]
    [InlineData(nameof(World.Network))]
    public void EffectsActOnTheWorld(string method) => Assert.Empty(Findings(Of(method).AlwaysRuns().Build()));

    [Fact]
    public void MembersThatTheOptionsReadAreDeclared() => Assert.Empty(Findings(new Build().Declared));

    [Fact]
    public void MembersThatTheyDoNotReadAreFound() => Assert.Equal(
    [
        "reads Build.Epochs without declaring it in its options: Build.Undeclared, Samples.cs:118",
        "reads Build.Rate without declaring it in its options: Build.Undeclared, Samples.cs:118",
    ], Findings(new Build().Undeclared));

    [Fact]
    public void LocalsAreFoundUnderTheirNames() => Assert.Equal(
        ["reads given without declaring it in its options: Build.Local, Samples.cs:131"],
        Findings(Build.Local(1)));

    private static IEnumerable<string> Findings(Stage stage) =>
        Code.Of(stage).Findings.Select(finding => finding.ToString());

    private static StageBuilder Of(string method) => new StageBuilder(new("Train")).Writes("out.txt")
        .Runs(typeof(World).GetMethod(method)!.CreateDelegate<Action<StageRun>>());
}
