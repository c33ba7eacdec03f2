using MLBuild.Engine.Code;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Findings;

/// <summary>What a stage reads without declaring it is named, with the way to it and the line.</summary>
public sealed class FindingUndeclaredInputs
{
    private const string Build = "_build/Build.cs";
    private const string Reading = "Steps/Reading.cs";

    private static readonly SampleProgram Program = SampleProgram.Read("Undeclared", "Steps", "_build");

    private static readonly Lazy<IReadOnlyDictionary<string, CodeReading>> Readings = new(() =>
    {
        using var running = new RunningProgram(CompiledProgram.Of(Program));
        return running.Read();
    });

    [Fact]
    public void BuildMember() => Finds("Member",
        $"BuildMember Build.Layers [Build.Member] {Line(Build, "Layers * 2")}");

    [Fact]
    public void CapturedLocal() => Finds("Local", $"BuildMember size [Build.Local] {Line(Build, "size * 2")}");

    [Fact]
    public void DeclaredMemberIsNone() => Finds("Declared");

    [Fact]
    public void MemberThatIsAlsoDeclaredIsNone() => Finds("DeclaredAndRead");

    [Fact]
    public void MutableStatic() => Finds("Static",
        $"MutableStatic Statics.Offset [Build.Static > Statics.Read] {Line(Reading, "Offset + Fixed")}");

    [Fact]
    public void Clock() => Finds("Clock",
        $"Clock DateTime.UtcNow [Build.Clock > Clocks.Read > Clocks.Year] {Line(Reading, "DateTime.UtcNow")}");

    [Fact]
    public void Ticks() => Finds("Ticks",
        $"Clock Stopwatch.GetTimestamp [Build.Ticks > Clocks.Ticks] {Line(Reading, "Stopwatch.Get")}");

    [Fact]
    public void EnvironmentVariable() => Finds("Variable",
        "Environment Environment.GetEnvironmentVariable(\"STEP_NOTE\") [Build.Variable > Environments.Read] " +
        Line(Reading, "STEP_NOTE"));

    [Fact]
    public void Cores() => Finds("Cores",
        $"Environment Environment.ProcessorCount [Build.Cores > Environments.Cores] {Line(Reading, "ProcessorCount")}");

    [Fact]
    public void UnseededRandom() => Finds("Random",
        $"Random new Random() [Build.Random > Randoms.Read] {Line(Reading, "new Random()")}");

    [Fact]
    public void SharedRandom() => Finds("SharedRandom",
        $"Random Random.Shared [Build.SharedRandom > Randoms.Shared] {Line(Reading, "Random.Shared")}");

    [Fact]
    public void SeededRandomIsNone() => Finds("SeededRandom");

    [Fact]
    public void Identifier() => Finds("Id", $"Random Guid.NewGuid [Build.Id > Randoms.Id] {Line(Reading, "Guid.New")}");

    [Fact]
    public void UnseededContextOfAPackage() => Finds("Context",
        $"Random new MLContext() [Build.Context > Randoms.Context] {Line(Reading, "new MLContext()")}");

    [Fact]
    public void SeededContextOfAPackageIsNone() => Finds("SeededContext");

    [Fact]
    public void LiteralFilePath() => Finds("LiteralFile",
        $"File \"/data/table.csv\" [Build.LiteralFile > Files.Read] {Line(Reading, "/data/table.csv")}");

    [Fact]
    public void InputFileIsNone() => Finds("InputFile");

    [Fact]
    public void Network() => Finds("Network",
        $"Network new HttpClient() [Build.Network > Outside.Network] {Line(Reading, "new HttpClient")}");

    [Fact]
    public void Process() => Finds("Process",
        $"Process Process.Start [Build.Process > Outside.Run] {Line(Reading, "Process.Start")}");

    [Fact]
    public void Native() => Finds("Native",
        $"Native Outside.getpid [Build.Native > Outside.Native] {Line(Reading, "=> getpid()")}");

    [Fact]
    public void TypeByAName() => Finds("NamedType",
        $"Opaque Type.GetType [Build.NamedType > Loading.Named] {Line(Reading, "Type.GetType")}");

    [Fact]
    public void ScannedAssembly() => Finds("Scan",
        $"Opaque Assembly.GetTypes [Build.Scan > Loading.Scan] {Line(Reading, "GetTypes")}");

    [Fact]
    public void LoadedAssembly() => Finds("Load",
        $"Opaque Assembly.LoadFrom [Build.Load > Loading.Load] {Line(Reading, "LoadFrom")}");

    private static void Finds(string stage, params string[] findings) => Assert.Equal(
        findings,
        Readings.Value[stage].Findings.Select(finding =>
            $"{finding.Kind} {finding.What} [{string.Join(" > ", finding.Chain)}] {finding.Place}"));

    // Where a text stands, which is there once.
    private static string Line(string file, string text)
    {
        var at = Program.Files[file].Split('\n').Index().Single(line => line.Item.Contains(text)).Index;
        return $"{Path.GetFileName(file)}:{at + 1}";
    }
}
