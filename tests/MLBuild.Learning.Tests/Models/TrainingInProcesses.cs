namespace MLBuild.Learning.Tests.Models;

/// <summary>Equal rows give equal bytes in every process.</summary>
/// <remarks><c>MLBUILD_SOAK</c>, whatever it says, starts 20 of them.</remarks>
public sealed class TrainingInProcesses
{
    [Fact]
    public async Task EachKindOfModelHasOneHash()
    {
        var processes = Environment.GetEnvironmentVariable("MLBUILD_SOAK") is null ? 4 : 20;
        var hashes = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => TrainingProcess.Hashes()));
        Assert.Equal(["Regression", "Binary", "Multiclass"], hashes[0].Select(line => line.Split(' ')[0]));
        Assert.All(hashes, lines => Assert.Equal(hashes[0], lines));
    }
}
