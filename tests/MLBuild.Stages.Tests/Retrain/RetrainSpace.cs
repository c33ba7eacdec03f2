using MLBuild.Engine.Running;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Retraining;
using MLBuild.Registry;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Retrain;
using MLBuild.Stages.Tests.Register;
using MLBuild.Stages.Validate;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Retrain;

/// <summary>A registry in a file, in which version 1 of a model serves, and steps of which a test says how they
/// end.</summary>
internal sealed class RetrainSpace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-stages-");

    public RetrainSpace()
    {
        RegisterAs("february");
        Registry.Deploy(new("sales", "production", 1, "ann", "first"));
    }

    public MovingClock Clock { get; } = new();

    public IModelRegistry Registry =>
        new RegistryPlace.File(Path.Combine(_folder.FullName, "registry.db")).Open(Clock);

    /// <summary>What is learned from: equal data gives equal bytes.</summary>
    public string Data { get; set; } = "march";

    /// <summary>What the gate says of the next model.</summary>
    public GateOutcome Gate { get; set; } = GateOutcome.Passed;

    /// <summary>What is wrong with the data; null where nothing is.</summary>
    public string? BrokenContract { get; set; }

    /// <summary>The step in which the next command is killed: Train, Register, Deploy, or Rollout, just after one has
    /// begun.</summary>
    public string? KillAt { get; set; }

    /// <summary>Whether versions are deployed without a person.</summary>
    public bool Deploys { get; set; } = true;

    public string Environment { get; set; } = "production";

    public RetrainLimits Limits { get; set; } = new();

    /// <summary>Put around the registry of the next command.</summary>
    public Func<IModelRegistry, IModelRegistry> Wrap { get; set; } = registry => registry;

    /// <summary>The steps that were begun.</summary>
    public List<string> Steps { get; } = [];

    public List<string> Said { get; } = [];

    /// <summary>What serves in production.</summary>
    public int Serving => ((Served.Version)Registry.Serving("sales", "production")).Model.Number;

    public void Forget()
    {
        Steps.Clear();
        Said.Clear();
    }

    public VersionMarks Marks(int version) => VersionMarks.Of(Registry.Annotations("sales"), version);

    public IEnumerable<string> NotesOf(int version) =>
        Marks(version).Notes.Select(entry => ((Annotation.Note)entry.Annotation).Text);

    /// <param name="version">That monitoring looked at; by default the one that serves.</param>
    public async Task<string> Run(string verdict = "Drift", int? version = null)
    {
        var registry = Wrap(Registry);
        return await new RetrainCommand(registry, Clock, Said.Add).RunAsync(
            new("sales", Environment, "ann", Limits),
            Report(Enum.Parse<WindowVerdict>(verdict), version
                ?? ((Served.Version)Registry.Serving("sales", Environment)).Model.Number),
            new(Validate, Train, Register, Deploys ? Deploy : null));
    }

    /// <summary>The message of a command that learns nothing.</summary>
    public async Task<string> Refusal(string verdict = "Drift", int? version = null) =>
        (await Assert.ThrowsAsync<RetrainException>(() => Run(verdict, version))).Message;

    /// <summary>The message of a command of which a stage fails.</summary>
    public async Task<string> Failure() => (await Assert.ThrowsAsync<StageFailedException>(() => Run())).Message;

    /// <summary>Runs a command that is killed; the next one is not.</summary>
    public async Task Killed()
    {
        await Assert.ThrowsAsync<KilledException>(() => Run());
        (KillAt, Wrap) = (null, registry => registry);
    }

    /// <summary>Registers a model, judged beside the version that serves.</summary>
    public void RegisterAs(string data)
    {
        var beside = Registry.Serving("sales", Environment) is Served.Version now ? now.Model.Number : 0;
        Registry.Register(new(
            "sales", ContentHash.Of(data),
            new(ContentHash.Of("recipe"), ContentHash.Of($"{data} {beside} {Gate}"), Gate, new([]), new([])), "ann"));
    }

    public void RollOut(int version) => Registry.RollOut(
        new("sales", Environment, version, RolloutChange.Started, "ann", "a canary"));

    public void Dispose() => _folder.Delete(recursive: true);

    private void Validate()
    {
        Begin("Validate");
        if (BrokenContract is { } broken)
            throw new StageFailedException(
                $"Stage 'Validate' failed: {broken}",
                new StageFailedException(broken, new BrokenContractException(broken)));
    }

    private ContentHash Train()
    {
        Begin("Train");
        return ContentHash.Of(Data);
    }

    private void Register()
    {
        Begin("Register");
        RegisterAs(Data);
        if (Gate != GateOutcome.Passed)
            throw new StageFailedException(
                "Stage 'Register' failed: its gate did not pass", new GateException("its gate did not pass"));
    }

    private Task<string> Deploy(int version)
    {
        Begin("Deploy", $"Deploy {version}");
        if (KillAt == "Rollout")
        {
            RollOut(version);
            throw new KilledException();
        }
        var rolledOut = Registry.Desired("sales", Environment).Rollout;
        if (rolledOut is null)
            Registry.Deploy(new("sales", Environment, version, "ann", "retrained"));
        else
            Registry.RollOut(new("sales", Environment, version, RolloutChange.Promoted, "ann", "good"));
        return Task.FromResult($"version {version} was {(rolledOut is null ? "deployed" : "rolled out")}");
    }

    private void Begin(string step, string? said = null)
    {
        Steps.Add(said ?? step);
        if (KillAt == step)
            throw new KilledException();
    }

    private static MonitorReport Report(WindowVerdict verdict, int version)
    {
        var window = new WindowReport(
            new("2026-03", null, null), version, verdict, [], ["size: drift.", "price: drift."], 1000, null!, null!,
            null!, []);
        return new(version, verdict, [window], []);
    }
}

/// <summary>The process ended there.</summary>
internal sealed class KilledException : Exception;
