using System.Globalization;
using System.Text;
using MLBuild.Engine.Code;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Code.Samples;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Code;

/// <summary>Readings are kept between runs, as long as the program is the same.</summary>
public sealed class KeepingReadings : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _dependencies;

    public KeepingReadings()
    {
        var name = typeof(Plain).Assembly.GetName().Name;
        _dependencies = _folder[$"{name}.deps.json"];
        foreach (var file in new[] { $"{name}.deps.json", $"{name}.runtimeconfig.json", $"{name}.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), _folder[file]);
        // Files this young are not trusted.
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
    }

    [Fact]
    public void WhatWasReadIsFoundAgain()
    {
        var read = Read(World.Clock);
        var found = Read(World.Clock);
        Assert.Equal(read.Entries, found.Entries);
        Assert.Equal(read.Findings.Select(finding => finding.ToString()),
            found.Findings.Select(finding => finding.ToString()));
        // That it was found, not read: what is kept is believed.
        Rewrite("World.Clock", "World.Clack");
        Assert.Contains(Read(World.Clock).Entries, entry => entry.Name.Contains("World.Clack"));
    }

    [Fact]
    public void DamagedReadingsAreReadAnew()
    {
        var read = Read(Plain.Train);
        Damage("Plain.Helper", "Plain.Helped");
        Assert.Equal(read.Entries, Read(Plain.Train).Entries);
    }

    [Fact]
    public void ADamagedIndexIsReadAnew()
    {
        var read = Read(World.Clock);
        Rewrite("World.Clock", "World.Clack");
        Damage("\nstage\t", "\nstage\n");
        Assert.Equal(read.Entries, Read(World.Clock).Entries);
    }

    [Fact]
    public void AFileThatEndsEarlyIsReadAnew()
    {
        var read = Read(Plain.Train);
        var bytes = File.ReadAllBytes(_folder["code"]);
        foreach (var length in (int[])[0, 10, 40, bytes.Length / 2, bytes.Length - 1])
        {
            File.WriteAllBytes(_folder["code"], bytes[..length]);
            Assert.Equal(read.Entries, Read(Plain.Train).Entries);
            Assert.Equal(bytes, File.ReadAllBytes(_folder["code"]));
        }
    }

    [Fact]
    public void OfOtherStagesNothingIsRead()
    {
        Read(World.Clock);
        Read(Plain.Train);
        Rewrite("World.Clock", "World.Clack");
        Damage("Plain.Helper", "Plain.Helped");
        Assert.Contains(Read(World.Clock).Entries, entry => entry.Name.Contains("World.Clack"));
    }

    [Fact]
    public void ReadingsOfOtherStagesStayWhenOneIsAdded()
    {
        Read(World.Clock);
        Rewrite("World.Clock", "World.Clack");
        Read(Plain.Train);
        Assert.Contains(Read(World.Clock).Entries, entry => entry.Name.Contains("World.Clack"));
    }

    [Fact]
    public void WhatAnotherBuildReplacedMeanwhileIsReadAnew()
    {
        Read(World.Clock);
        var read = Read(Plain.Train);
        var code = new ReachabilityFingerprint(_dependencies, _folder["code"], new LaterClock());
        code.Of(Declare(World.Clock)); // reads the index
        File.Delete(_folder["code"]);
        Assert.Equal(read.Entries, Read(Plain.Train).Entries);
        Damage("Plain.Helper", "Plain.Helped");
        Assert.Equal(read.Entries, code.Of(Declare(Plain.Train)).Entries);
    }

    [Fact]
    public void ChangedSettingsAreReadAnew()
    {
        Read(Plain.Train);
        var settings = Path.ChangeExtension(_dependencies, null);
        settings = Path.ChangeExtension(settings, ".runtimeconfig.json");
        File.WriteAllText(settings, File.ReadAllText(settings)
            .Replace("\"System.Globalization.Invariant\": true", "\"System.Globalization.Invariant\": false",
                StringComparison.Ordinal));
        Assert.Contains(Read(Plain.Train).Entries, entry =>
            entry is { Name: "System.Globalization.Invariant", Value: "False" });
    }

    [Fact]
    public void CapturedValuesAreReadInEveryRun()
    {
        Assert.Contains(Of(new Build { Epochs = 3 }.Undeclared).Entries, entry => entry.Value == "3");
        Assert.Contains(Of(new Build { Epochs = 5 }.Undeclared).Entries, entry => entry.Value == "5");
    }

    public void Dispose() => _folder.Dispose();

    private CodeReading Read(Action<StageRun> code) => Of(Declare(code));

    private static Stage Declare(Action<StageRun> code) =>
        new StageBuilder(new("Train")).Writes("out.txt").Runs(code).Build();

    // As long as it was, and without the hashes that would make it believed.
    private void Damage(string text, string other)
    {
        Assert.Equal(text.Length, other.Length);
        var kept = File.ReadAllText(_folder["code"], Encoding.Latin1);
        Assert.Contains(text, kept);
        File.WriteAllText(_folder["code"], kept.Replace(text, other, StringComparison.Ordinal), Encoding.Latin1);
    }

    // With the hashes that make it believed.
    private void Rewrite(string text, string other)
    {
        Damage(text, other);
        var kept = File.ReadAllBytes(_folder["code"]);
        var first = kept.AsSpan().IndexOf((byte)'\n') + 1;
        var length = int.Parse(Encoding.UTF8.GetString(kept.AsSpan(..first)).Split('\t')[1],
            NumberStyles.Any, CultureInfo.InvariantCulture);
        var index = Encoding.UTF8.GetString(kept, first, length).Split('\n')[..^2].Select(line =>
            line.Split('\t') is ["block", var offset, var bytes, _]
                ? $"block\t{offset}\t{bytes}\t{ContentHash.Of(kept.AsSpan(
                    first + length + int.Parse(offset, CultureInfo.InvariantCulture),
                    int.Parse(bytes, CultureInfo.InvariantCulture)))}"
                : line);
        var seal = SealedText.Seal(string.Concat(index.Select(line => line + "\n")));
        Assert.Equal(length, Encoding.UTF8.GetByteCount(seal));
        Encoding.UTF8.GetBytes(seal).CopyTo(kept.AsSpan(first));
        File.WriteAllBytes(_folder["code"], kept);
    }

    private CodeReading Of(Stage stage)
    {
        var code = new ReachabilityFingerprint(_dependencies, _folder["code"], new LaterClock());
        var reading = code.Of(stage);
        code.Save();
        return reading;
    }

    // Change times cannot be set back, so the clock is set forth.
    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }
}
