using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Folders as outputs and inputs.</summary>
public sealed class StoringFolders : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("in.txt", "a")
        .WithStage("plot", reads: "in.txt", writes: "plots/ notes.txt", body: run =>
        {
            Directory.CreateDirectory(Path.Combine(run.Output("plots/"), "deep er"));
            File.WriteAllText(Path.Combine(run.Output("plots/"), "deep er", "ü.svg"),
                File.ReadAllText(run.Source.Path));
            File.WriteAllText(run.Output("notes.txt"), "n");
        })
        .WithStage("page", reads: "plot/plots/", body: run =>
        {
            var file = Path.Combine(run.Input("plots/"), "deep er", "ü.svg");
            Assert.True(File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly));
            File.WriteAllText(run.Output("out.txt"), File.ReadAllText(file));
        });

    [Fact]
    public void FolderGoesInAndOut()
    {
        Assert.Equal([Built("plot/in"), Built("page")], _space.Run());
        Assert.Equal(["page/out.txt", "plot/in/notes.txt", "plot/in/plots/deep er/ü.svg"], _space.Artifacts());
        Assert.Equal("a", _space.Output("page/out.txt"));
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void ChangedFileInAFolderIsAChangedInput()
    {
        _space.Run();
        _space.Write("in.txt", "b");
        Assert.StartsWith("input 'plot/in/plots' changed: ", _space.Run()[1].Because);
        Assert.Equal("b", _space.Output("page/out.txt"));
    }

    [Fact]
    public void StageThatEditsItsInputHarmsNobody()
    {
        _space.Stage("page").Body = run =>
        {
            StoreLayout.FlipByte(Path.Combine(run.Input("plots/"), "deep er", "ü.svg"));
            File.WriteAllText(run.Output("out.txt"), "");
        };
        _space.Run();
        Assert.Equal("a", _space.Output("plot/in/plots/deep er/ü.svg"));
        Store.LocalArtifactStore.RemoveReadOnly(_space["artifacts"]);
        Assert.Equal([Restored("plot/in"), Restored("page")], _space.Run());
    }

    public void Dispose() => _space.Dispose();
}
