using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Spaces;

/// <summary>A folder with files, a store and a tiny pipeline. Each run opens everything anew, as a new process
/// would.</summary>
public sealed class TestSpace : IDisposable
{
    private readonly TempFolder? _owned;
    private readonly string _root;
    private readonly List<TestStage> _stages = [];

    public TestSpace()
        : this(new TempFolder())
    {
    }

    /// <summary>Opens a folder that is another's.</summary>
    public TestSpace(string root) => (_root, StoreFolder) = (root, Path.Combine(root, "store"));

    private TestSpace(TempFolder owned)
        : this(owned.Path) => _owned = owned;

    /// <summary>Where the files, <c>artifacts/</c> and <c>store/</c> are.</summary>
    public string this[string relative] => Path.Combine(_root, relative);

    public TestClock Clock { get; } = new();

    /// <summary>Lets the hash cache trust what it may; else every file is too fresh for it.</summary>
    public bool HasSystemClock { get; init; }

    public TestCode Code { get; } = new();

    /// <summary>What was logged and begun in the last run.</summary>
    public TestObserver Observer { get; private set; } = new();

    public string StoreFolder { get; set; }

    public TestSpace With(string file, string text)
    {
        Write(file, text);
        return this;
    }

    /// <param name="reads">Files of the space, which make partitions, and stages, or <c>stage/output</c>; by
    /// spaces.</param>
    /// <param name="writes">Outputs, by spaces.</param>
    /// <param name="body">By default each output gets a text that says what went in: see
    /// <see cref="TestStage.Mix"/>.</param>
    public TestSpace WithStage(
        string name, string reads = "", string writes = "out.txt", Action<StageRun>? body = null,
        object? options = null)
    {
        _stages.Add(new(this, name, reads.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            writes.Split(' ', StringSplitOptions.RemoveEmptyEntries), body)
        { Options = options });
        return this;
    }

    public TestStage Stage(string name) => _stages.Single(stage => stage.Name == name);

    public void Remove(string stage) => _stages.Remove(Stage(stage));

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
    }

    /// <summary>Waits until the file system's clock, which ticks every few milliseconds, gives a new file a later
    /// stamp.</summary>
    public void WaitUntilOld(string file)
    {
        var old = FileIdentity.Of(this[file])!.Value.ModifiedNs;
        do
            Write("tick", "");
        while (FileIdentity.Of(this["tick"])!.Value.ModifiedNs <= old);
    }

    public string Output(string path) => File.ReadAllText(this[$"artifacts/{path}"]);

    /// <summary>Every file under <c>artifacts/</c>.</summary>
    public string[] Artifacts() => StoreLayout.FilesIn(this["artifacts"]);

    public Workspace Workspace() => new(this["artifacts"], StoreFolder, HasSystemClock ? TimeProvider.System : Clock);

    public Pipeline Pipeline() => new(_stages.Select(stage => stage.Build()));

    /// <summary>Changes one byte of a stored text, behind the store's back.</summary>
    public void Damage(string storedText) =>
        StoreLayout.FlipByte(StoreLayout.CasPath(StoreFolder, ContentHash.Of(storedText)));

    /// <summary>Removes a stored text, behind the store's back.</summary>
    public void Lose(string storedText) => File.Delete(StoreLayout.CasPath(StoreFolder, ContentHash.Of(storedText)));

    /// <summary>A runner as a build would make one. The caller disposes it.</summary>
    public Runner Runner(
        Func<StageName, Task<Admission>>? admit = null, CancellationToken cancel = default,
        TestObserver? observer = null, RunSetting? setting = null) =>
        new(Pipeline(), Workspace(), Code, observer ?? Observer, setting ?? RunSetting.Everything, admit, cancel);

    /// <summary>Runs stages, all if none are named, and says what became of each unit that was not up to
    /// date.</summary>
    public Event[] Run(params string[] stages) => RunAsync(stages).GetAwaiter().GetResult();

    public async Task<Event[]> RunAsync(params string[] stages)
    {
        Clock.Advance(TimeSpan.FromDays(1));
        Observer = new();
        using var runner = Runner();
        return await Outcomes(runner, stages);
    }

    /// <summary>Runs stages by a given runner.</summary>
    public async Task<Event[]> Outcomes(Runner runner, params string[] stages)
    {
        var asked = _stages.Where(stage => stages.Length == 0 || stages.Contains(stage.Name));
        var outcomes = await Task.WhenAll(asked.Select(stage => runner.Ensure(new(stage.Name))));
        await runner.Drain();
        return [.. outcomes.SelectMany(Event.Of)];
    }

    /// <summary>Waits until work comes to a point on its way. Work that ends before it has failed the test, which would
    /// else wait for ever.</summary>
    public static async Task Until<T>(Task point, Task<T> work)
    {
        await Task.WhenAny(point, work);
        Assert.True(point.IsCompleted, point.IsCompleted ? "" : $"The work ended before: {await work}");
    }

    public void Dispose() => _owned?.Dispose();
}
