using MLBuild.Engine.Inspection;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>The artifact that a person means: by name, by a beginning, by a hash, and the ones before it.</summary>
public sealed class FindingArtifacts : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.txt", "a").With("feb.txt", "b")
        .WithStage("ingest", reads: "jan.txt feb.txt", writes: "rows.txt report.json")
        .WithStage("train", reads: "ingest", writes: "model.zip");

    public FindingArtifacts() => _space.Run();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData("train/model.zip", "train/model.zip")]
    [InlineData("TRAIN/Model.ZIP", "train/model.zip")]
    [InlineData("train/mo", "train/model.zip")]
    [InlineData("tr", "train/model.zip")]
    [InlineData("ingest/feb/rows.txt", "ingest/feb/rows.txt")]
    [InlineData("ingest/feb/re", "ingest/feb/report.json")]
    public void ByNameOrABeginningThatOnlyOneHas(string text, string name) => Assert.Equal(name, Find(text).Name);

    [Fact]
    public void ByTheFirstDigitsOfItsHash()
    {
        var hash = Find("train").Artifact.Hash.Hex;
        Assert.Equal("train/model.zip", Find(hash[..8]).Name);
        Assert.Equal("train/model.zip", Find(hash.ToUpperInvariant()).Name);
    }

    [Theory]
    [InlineData("nothing", "There is no artifact 'nothing'. Name one as Stage/output or by at least four digits of " +
        "its hash; ./build.sh Artifacts lists them.")]
    [InlineData("train/modle.zip", "There is no artifact 'train/modle.zip'. Name one as Stage/output or by at least " +
        "four digits of its hash; ./build.sh Artifacts lists them. Did you mean 'train/model.zip'?")]
    [InlineData("ingest/rows.txt", "'ingest/rows.txt' begins the names of 2 artifacts: ingest/feb/rows.txt, " +
        "ingest/jan/rows.txt. Name one of them.")]
    [InlineData("train/model.zip~1", "There is no 'train/model.zip~1': of train/model.zip the store has no earlier " +
        "result. ./build.sh Artifacts --of-stage train lists them.")]
    public void MistakesAreNamed(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PipelineException>(() => Find(text)).Message);

    [Fact]
    public void ATildeGoesBackFromResultToResult()
    {
        var first = Find("train").Artifact.Hash;
        _space.Stage("train").Version = "2";
        _space.Run();
        var second = Find("train").Artifact.Hash;
        _space.Stage("train").Version = "3";
        _space.Run();

        Assert.Equal(second, Find("train/model.zip~1").Artifact.Hash);
        Assert.Equal(first, Find("tr~2").Artifact.Hash);
        Assert.Equal(first, Find($"{second.Hex[..10]}~1").Artifact.Hash);
        Assert.Equal(Find("train"), Find("train~0"), SameHash);
        Assert.Equal("There is no 'train/model.zip~3': of train/model.zip the store has 2 earlier results, " +
            "'train/model.zip~2' is the oldest. ./build.sh Artifacts --of-stage train lists them.",
            Assert.Throws<PipelineException>(() => Find("train/model.zip~3")).Message);

        // The first, put back.
        _space.Stage("train").Version = "1";
        _space.Run();
        Assert.Equal("There is no 'train/model.zip~1': of train/model.zip the store has no earlier result, and " +
            "2 results made after it, to be named by hash. ./build.sh Artifacts --of-stage train lists them.",
            Assert.Throws<PipelineException>(() => Find("train/model.zip~1")).Message);

        static bool SameHash(ArtifactInventory.Item one, ArtifactInventory.Item other) =>
            one.Artifact.Hash == other.Artifact.Hash;
    }

    [Theory]
    [InlineData("train", "train")]
    [InlineData("TRAIN", "train")]
    [InlineData("ing", "ingest")]
    public void AStageIsFoundByABeginningThatOnlyOneHas(string text, string name) =>
        Assert.Equal(name, _space.Pipeline().Find(text).Name.ToString());

    [Fact]
    public void AStageWithTheWholeNameIsMeantBeforeLongerOnes()
    {
        _space.WithStage("trainer", writes: "x.txt");
        Assert.Equal("train", _space.Pipeline().Find("Train").Name.ToString());
        Assert.Equal("'tra' begins the names of 2 stages: train, trainer. Give more of one.",
            Assert.Throws<PipelineException>(() => _space.Pipeline().Find("tra")).Message);
        Assert.Equal("There is no stage ''. Stages: ingest, train, trainer.",
            Assert.Throws<PipelineException>(() => _space.Pipeline().Find("")).Message);
    }

    private ArtifactInventory.Item Find(string text) => new ArtifactInventory(_space.Workspace()).Find(text);
}
