using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Stages that act on something outside: they run each time, what follows is cut off by content.</summary>
public sealed class ActingOutside : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .WithStage("train")
        .WithStage("register", reads: "train", writes: "version.txt")
        .WithStage("report", reads: "register")
        .WithStage("deploy", reads: "register", writes: "");

    public ActingOutside()
    {
        _space.Stage("register").Kind = StageKind.Effect;
        _space.Stage("deploy").Kind = StageKind.Effect;
    }

    [Fact]
    public void RunsEachTimeAndEqualOutputsCutOff()
    {
        const string Because = "it acts on something outside";
        Assert.Equal([Built("train"), Built("register", Because), Built("report"), Built("deploy", Because)],
            _space.Run());
        Assert.Equal([Built("register", Because), Built("deploy", Because)], _space.Run());
        Assert.Equal(["register", "deploy"], _space.Observer.Begun);
        Assert.Equal(["register/version.txt", "report/out.txt", "train/out.txt"], _space.Artifacts());
    }

    [Fact]
    public void OtherOutputsRunWhatFollows()
    {
        _space.Run();
        _space.Stage("register").Body = run => File.WriteAllText(run.Output("version.txt"), "version 8");
        Assert.Equal(["register", "report", "deploy"], _space.Run().Select(e => e.Unit));
    }

    [Fact]
    public void FailureIsNotRememberedAsDone()
    {
        _space.Stage("register").Body = _ => throw new TimeoutException("No answer.");
        Assert.StartsWith("TimeoutException: No answer.", _space.Run()[1].Because);
        _space.Stage("register").Body = null;
        Assert.Equal(["register", "report", "deploy"], _space.Run().Select(e => e.Unit));
    }

    public void Dispose() => _space.Dispose();
}
