using MLBuild.Engine.Code;

namespace MLBuild.Engine.Stages;

/// <summary>Declares a stage, fluently. What a stage's code needs goes in through its inputs and its options and
/// nothing else, so what is declared and what is used cannot differ. How another stage is named is left to the deriving
/// type.</summary>
public abstract partial class StageDeclaration<TSelf>
    where TSelf : StageDeclaration<TSelf>
{
    private readonly List<Observation> _observations = [];
    private readonly List<string> _outputs = [];
    private StageKind _kind = StageKind.Cached;
    private readonly List<Partitioning> _partitionings = [];
    private Delegate? _options;
    private Func<object?, object?> _optionsOf = _ => null;
    private StageLimits _limits = StageLimits.None;
    private string? _frozenBecause;
    private Delegate? _code;
    private CodeTracking _tracking = CodeTracking.ByReach;
    private Func<StageRun, object?, Task> _body = (_, _) => Task.CompletedTask;

    /// <summary>One cached piece of work per file. The files are found when the stage is planned.</summary>
    public TSelf ForEach(Func<IReadOnlyList<SourceFile>> files) => Partitioned(new Partitioning.Files(files));

    /// <summary>One cached piece of work per point of a matrix: folds, hyper-parameters, regions. The points are listed
    /// when the stage is planned; options take theirs: <c>Runs(Train, (Fold fold) => new TrainOptions(fold.Index))</c>.
    /// </summary>
    /// <param name="points">Numbers, texts, enums or records of those; a matrix of several axes is a list of
    /// records.</param>
    public TSelf ForEach<TPoint>(Func<IEnumerable<TPoint>> points) where TPoint : notnull =>
        Partitioned(new Partitioning.Points(() => points().Cast<object>()));

    /// <summary>Makes a cheap probe of something outside an input: the stage is stale when its text changes.</summary>
    public TSelf Observes(string what, Func<string> probe) => Observes(what, _ => probe());

    /// <summary>The same for a probe that may wait: it says why, and ends when the build does.</summary>
    public TSelf Observes(string what, Func<ProbeRun, string> probe)
    {
        _observations.Add(new(what, probe));
        return (TSelf)this;
    }

    /// <summary>Files that the stage writes; a trailing slash means a folder.</summary>
    public TSelf Writes(params string[] outputs)
    {
        _outputs.AddRange(outputs);
        return (TSelf)this;
    }

    /// <summary>The stage acts on something outside: it runs each time it is asked for, and doing so twice must be
    /// doing so once.</summary>
    public TSelf AlwaysRuns()
    {
        _kind = StageKind.Effect;
        return (TSelf)this;
    }

    /// <summary>Tracks the code by a version that its author raises, instead of by what it can reach.</summary>
    public TSelf Version(string version)
    {
        _tracking = _tracking with { Mode = CodeMode.Version, Version = version };
        return (TSelf)this;
    }

    /// <summary>Tracks the code by every member of every user assembly: too much rather than too little.</summary>
    public TSelf TracksAssemblies()
    {
        _tracking = _tracking with { Mode = CodeMode.Assemblies };
        return (TSelf)this;
    }

    /// <summary>Keeps to what the code can reach although it reflects over what cannot be followed.</summary>
    /// <param name="because">Why nothing is missed; kept in the recipe.</param>
    public TSelf TrustsReach(string because)
    {
        _tracking = _tracking with { TrustedBecause = because };
        return (TSelf)this;
    }

    /// <summary>Counts every member of a type, because a package reflects over its objects.</summary>
    public TSelf Reflects<T>()
    {
        _tracking = _tracking with { Reflected = [.. _tracking.Reflected ?? [], typeof(T)] };
        return (TSelf)this;
    }

    /// <summary>The last result stands, whatever has changed; only a stage that has none is run.</summary>
    /// <param name="because">Said whenever the stage would have run.</param>
    public TSelf Frozen(string because)
    {
        _frozenBecause = because;
        return (TSelf)this;
    }

    /// <summary>How long the work may take, each attempt anew: more than zero, at most 49 days. Then
    /// <see cref="StageRun.Cancel"/> asks it to stop.</summary>
    public TSelf Timeout(TimeSpan timeout)
    {
        _limits = _limits with { Timeout = timeout };
        return (TSelf)this;
    }

    /// <summary>Tries failed work again.</summary>
    /// <param name="times">After the first attempt; 0 or more.</param>
    /// <param name="delay">Before the first retry; doubled before each later one, to at most 49 days.</param>
    public TSelf Retries(int times, TimeSpan delay)
    {
        _limits = _limits with { Retries = times, RetryDelay = delay };
        return (TSelf)this;
    }

    /// <summary>The work keeps this many cores busy, 1 or more; others run beside it on what is left. Without, it is
    /// one.</summary>
    public TSelf NeedsCores(int cores)
    {
        _limits = _limits with { Cores = cores };
        return (TSelf)this;
    }

    /// <summary>The work runs alone.</summary>
    public TSelf NeedsAllCores() => NeedsCores(StageLimits.AllCores);

    /// <summary>The work fills this much memory, in units of 1,000,000,000 bytes; it waits until that much is not
    /// promised to others.</summary>
    public TSelf NeedsMemory(double gigabytes)
    {
        _limits = _limits with { MemoryGigabytes = gigabytes };
        return (TSelf)this;
    }

    /// <summary>The stage's code, without options.</summary>
    public TSelf Runs(Action<StageRun> body) =>
        Code(body, (run, _) => { body(run); return Task.CompletedTask; });

    public TSelf Runs(Func<StageRun, Task> body) => Code(body, (run, _) => body(run));

    /// <summary>The stage's code and its options: a record, each of whose members is a parameter in the
    /// recipe.</summary>
    /// <param name="options">Called when the stage is planned, after command line and files have set the
    /// parameters.</param>
    public TSelf Runs<TOptions>(Action<StageRun, TOptions> body, Func<TOptions> options) where TOptions : class =>
        With(options, _ => options()).Code(body, WithOptions(body));

    public TSelf Runs<TOptions>(Func<StageRun, TOptions, Task> body, Func<TOptions> options) where TOptions : class =>
        With(options, _ => options()).Code(body, WithOptions(body));

    /// <summary>The stage's code, and the options of each matrix point.</summary>
    public TSelf Runs<TPoint, TOptions>(Action<StageRun, TOptions> body, Func<TPoint, TOptions> options)
        where TPoint : notnull where TOptions : class => With(options, OfPoint(options)).Code(body, WithOptions(body));

    public TSelf Runs<TPoint, TOptions>(Func<StageRun, TOptions, Task> body, Func<TPoint, TOptions> options)
        where TPoint : notnull where TOptions : class => With(options, OfPoint(options)).Code(body, WithOptions(body));

    protected Stage Build(StageName name, IReadOnlyList<StageInput> inputs) =>
        new(name, _kind, inputs, [.. _observations], [.. _outputs],
            _partitionings.Count < 2 ? _partitionings.FirstOrDefault() : throw new PipelineException(
                $"Stage '{name}' has {_partitionings.Count} ForEach. Give it one; a matrix of several axes is a list " +
                $"of records."),
            _options, _code,
            Command is { } command ? command.Run : _body)
        {
            Command = Command,
            Secrets = [.. _secrets],
            Tracking = _tracking,
            OptionsOf = _optionsOf,
            Files = [.. _files],
            Limits = _limits,
            FrozenBecause = _frozenBecause,
        };

    protected TSelf Partitioned(Partitioning partitioning)
    {
        _partitionings.Add(partitioning);
        return (TSelf)this;
    }

    private static Func<StageRun, object?, Task> WithOptions<TOptions>(Action<StageRun, TOptions> body) =>
        (run, given) => { body(run, (TOptions)given!); return Task.CompletedTask; };

    private static Func<StageRun, object?, Task> WithOptions<TOptions>(Func<StageRun, TOptions, Task> body) =>
        (run, given) => body(run, (TOptions)given!);

    private static Func<object?, object?> OfPoint<TPoint, TOptions>(Func<TPoint, TOptions> options) =>
        point => point is TPoint own ? options(own) : throw new PipelineException(
            $"The options take a {typeof(TPoint).Name}, but the partitions are made of " +
            $"{point?.GetType().Name ?? "files, or there are none"}. Give ForEach the same type.");

    private TSelf With(Delegate options, Func<object?, object?> of)
    {
        (_options, _optionsOf) = (options, of);
        return (TSelf)this;
    }

    private TSelf Code(Delegate code, Func<StageRun, object?, Task> body)
    {
        (_code, _body) = (code, body);
        return (TSelf)this;
    }
}

/// <summary>Declares a stage that names the stages it reads.</summary>
public sealed class StageBuilder(StageName name) : StageDeclaration<StageBuilder>
{
    private readonly List<StageInput> _inputs = [];

    /// <summary>Reads outputs of another stage, which therefore runs first; without names, all of them.</summary>
    public StageBuilder Reads(StageName stage, params string[] outputs)
    {
        _inputs.Add(new(stage, outputs));
        return this;
    }

    /// <summary>One cached piece of work for each partition of another stage, of which it reads these outputs; without
    /// names, all of them. Other stages with the same partitions are then read partition by partition too.</summary>
    public StageBuilder ForEach(StageName stage, params string[] outputs)
    {
        Reads(stage, outputs);
        return Partitioned(new Partitioning.SameAs(stage));
    }

    public Stage Build() => Build(name, [.. _inputs]);
}
