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
        var kept = SealedText.Open(File.ReadAllText(_folder["code"]))!;
        Assert.Contains("World.Clock", kept);
        File.WriteAllText(_folder["code"],
            SealedText.Seal(kept.Replace("World.Clock", "World.Clack", StringComparison.Ordinal)));
        Assert.Contains(Read(World.Clock).Entries, entry => entry.Name.Contains("World.Clack"));
    }

    [Fact]
    public void DamagedReadingsAreReadAnew()
    {
        var read = Read(Plain.Train);
        var text = File.ReadAllText(_folder["code"]);
        Assert.Contains("Plain.Helper", text);
        File.WriteAllText(_folder["code"], text.Replace("Plain.Helper", "Plain.Helped", StringComparison.Ordinal));
        Assert.Equal(read.Entries, Read(Plain.Train).Entries);
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

    private CodeReading Read(Action<StageRun> code) =>
        Of(new StageBuilder(new("Train")).Writes("out.txt").Runs(code).Build());

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
