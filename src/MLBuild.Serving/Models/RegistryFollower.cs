using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Serving.Metrics;
using MLBuild.Serving.Rollouts;
using MLBuild.Store;

namespace MLBuild.Serving.Models;

/// <summary>Takes up what the registry newly wants: another version, another part of the requests for a candidate. What
/// cannot be taken up is said once, and the model before it keeps serving.</summary>
/// <remarks>It asks again and again, as waiting for a file to change misses files that are replaced by a
/// rename.</remarks>
internal sealed class RegistryFollower(
    IModelRegistry registry, ModelLoader loader, LiveModel live, ServingMetrics metrics, ServingOptions options,
    TimeProvider clock, ServerReporter reporter, ILogger log)
    : BackgroundService, IAsyncDisposable
{
    // A version that was refused is loaded again after this time: its artifact may have been restored.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    // A rollback cannot be heard of without the registry: longer than that nobody is given a candidate.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    // The first look is to load a candidate, and a disk that hangs is not to keep the server from starting.
    private static readonly TimeSpan LongestFirstLook = TimeSpan.FromSeconds(30);

    // Who has not answered yet gives nobody a part of the requests, and counts nothing.
    private static readonly ScoreBins NoBins = new(LearningTask.Regression, []);

    private Refusal? _refused;

    // When the registry answered last.
    private long _heardAt = clock.GetTimestamp();

    // That of the silence: with its counts, for when the registry answers again.
    private LiveCandidate? _dropped;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task _firstLook = Task.CompletedTask;

    // The way back needs no loading.
    private ServedModel? _before;

    /// <summary>Waits for the look that is being taken: whoever disposes of a server that was not stopped may take the
    /// registry away next.</summary>
    public async ValueTask DisposeAsync()
    {
        base.Dispose();
        // Where the start was cancelled it is too, which is no fault.
        if (ExecuteTask is { } following)
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _firstLook;
    }

    public override void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Looks before the server listens: one that was started anew gives a candidate its keys from its first
    /// request. What this look finds wrong is said and does not keep the server from starting.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _firstLook = Task.Run(TakeLook, CancellationToken.None);
        try
        {
            await _firstLook.WaitAsync(LongestFirstLook, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            log.LogWarning(
                "The first look into the registry is not done after {Seconds} s; version {Version} serves meanwhile.",
                LongestFirstLook.TotalSeconds, live.State.Version);
        }
        await base.StartAsync(cancellationToken);
        // Who disposes of it before a thread has begun with it has it cancelled, which the host takes for a failure.
        await Task.WhenAny(_begun.Task, ExecuteTask!);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PollInterval, clock);
        // Ends quietly also where the host never started: to it an exception would be a failure.
        using var stop = stoppingToken.Register(timer.Dispose);
        _begun.SetResult();
        await _firstLook;
        reporter.Say(live.State, hasEnded: false);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            TakeLook();
            reporter.Say(live.State, hasEnded: false);
        }
        reporter.Say(live.State, hasEnded: true);
    }

    private void TakeLook()
    {
        var before = live.State;
        live.State = Look(before);
        Say(before, live.State);
    }

    // Catches everything: no fault here is worth an answer less.
    private LiveState Look(LiveState now)
    {
        try
        {
            var desired = registry.Desired(now.Since.ModelName, now.Since.Environment);
            _heardAt = clock.GetTimestamp();
            if (desired.Serving is not Served.Version wanted)
                return WithoutCandidate(now) with
                {
                    Fault = $"The registry has no deployments to '{now.Since.Environment}' any more. Restore the "
                        + "registry, or deploy again: ./build.sh Deploy --model-version "
                        + FormattableString.Invariant($"{now.Version ?? now.Since.To}."),
                };
            var next = Relieved(TakeUp(wanted, now), wanted);
            var candidate = CandidateOf(desired, next);
            _dropped = null;
            return next with { Candidate = candidate };
        }
        catch (Exception e)
        {
            metrics.ReloadFailed();
            var isSilent = clock.GetElapsedTime(_heardAt) > LongestSilence;
            return (isSilent ? WithoutCandidate(now) : now) with { Fault = Worded(e) };
        }
    }

    private LiveState WithoutCandidate(LiveState now)
    {
        _dropped = now.Candidate ?? _dropped;
        return now with { Candidate = null };
    }

    private LiveState TakeUp(Served.Version wanted, LiveState now)
    {
        if (now.Is(wanted))
            return now with { Fault = null, Standby = null };
        if (_refused is { } refused && refused.Is(wanted) && clock.GetUtcNow() < refused.At + RetryAfter)
            return Without(refused, now);
        try
        {
            var model = Loaded(wanted.Model, now);
            _before = now.Model;
            return new(model, wanted.Since, Fault: null, now.Candidate);
        }
        catch (Exception e)
        {
            var isOfOtherCode = ModelLoader.IsOfOtherCode(e);
            if (!isOfOtherCode)
                metrics.ReloadFailed();
            _refused = new(wanted, clock.GetUtcNow(), Worded(e), isOfOtherCode);
            return Without(_refused, now);
        }
    }

    // Of another revision's version nothing is wrong.
    private static LiveState Without(Refusal refused, LiveState now) => refused.IsOfOtherCode
        ? now with
        {
            Fault = null,
            Standby = (now.Standby ?? new(refused.Because)) with { Because = refused.Because },
        }
        : now with { Fault = refused.Because };

    private LiveState Relieved(LiveState now, Served.Version wanted)
    {
        if (now.Standby is not { } standby)
            return now;
        var live = registry.Reports(wanted.Model.ModelName, wanted.Since.Environment)
            .Where(report => !report.IsSilent)
            .Select(ServerReporter.Read)
            .OfType<ServerStatus>();
        return now with
        {
            Standby = standby.Seeing(live, wanted.Model.Number, clock.GetUtcNow(), options.Limits.DrainTime),
        };
    }

    private ServedModel Loaded(ModelVersion version, LiveState now) =>
        new[] { now.Candidate?.Model, _dropped?.Model, now.Model, _before }
            .FirstOrDefault(model => model?.Is(version) == true)
        ?? loader.Load(version);

    private LiveCandidate? CandidateOf(DesiredState desired, LiveState now)
    {
        if (desired is not { Rollout: { } rollout, Candidate: { } version })
            return null;
        var known = (now.Candidate ?? _dropped) is { } candidate && candidate.Rollout.Id == rollout.Id
            ? candidate
            : null;
        var meters = known?.Rollout.Last.Position == rollout.Last.Position
            ? known.Meters
            : StepMeters.Begin(rollout, known?.Meters, now.Model?.Bins ?? NoBins);
        return known is null || known.RetryAt <= clock.GetUtcNow()
            ? NewCandidate(rollout, version, meters, now)
            : known with { Rollout = rollout, Meters = meters };
    }

    private LiveCandidate NewCandidate(
        ActiveRollout rollout, ModelVersion version, StepMeters meters, LiveState now)
    {
        try
        {
            var model = Loaded(version, now);
            return now.Model is { } serves && !model.Model.Schema.Task.Equals(serves.Model.Schema.Task)
                ? new(rollout, null,
                    $"it predicts something else than version {serves.Version}: {model.Model.Schema.Task}.", meters)
                : new(rollout, model, Fault: null, meters);
        }
        catch (Exception e) when (ModelLoader.IsOfOtherCode(e))
        {
            return new(rollout, null, Worded(e), meters) { IsOfOtherCode = true };
        }
        catch (Exception e)
        {
            metrics.ReloadFailed();
            return new(rollout, null, Worded(e), meters)
            {
                RetryAt = IsOfThePlace(e) ? clock.GetUtcNow() + RetryAfter : null,
            };
        }
    }

    // An artifact that is not there yet, a disk that is full or not mounted: no fault of the model.
    private static bool IsOfThePlace(Exception e) =>
        e is ServingException { InnerException: StoreException or IOException or UnauthorizedAccessException };

    private void Say(LiveState before, LiveState now)
    {
        if (!ReferenceEquals(now.Model, before.Model))
            log.LogInformation("Serving {Model}.", now);
        else if (now.Standby != before.Standby)
            SayStandby(before.Standby, now);
        else if (now.Fault is null && before.Fault is not null)
            log.LogInformation("Version {Version} is again what is deployed.", now.Version);
        else if (now.Fault is not null && now.Fault != before.Fault)
            log.LogError("{Fault} Version {Version} keeps serving.", now.Fault, now.Version);
        if (now.Candidate is { } candidate && (before.Candidate?.Meters.Step != candidate.Meters.Step
            || before.Candidate.Fault != candidate.Fault))
            Say(candidate, now);
        else if (now.Candidate is null && before.Candidate is { } dropped && ReferenceEquals(dropped, _dropped))
            log.LogWarning(
                "Version {Version} gets no requests until the registry says that it is a candidate still.",
                dropped.Rollout.Candidate);
        else if (now.Candidate is null && before.Candidate is { } ended
            && now.Version != ended.Rollout.Candidate)
            log.LogInformation("Version {Version} is no candidate any more.", ended.Rollout.Candidate);
    }

    private void SayStandby(Standby? before, LiveState now)
    {
        if (now.Standby is not { } standby)
            log.LogInformation("Serving {Model}.", now);
        else if (standby.Because != before?.Because)
            log.LogWarning(
                "{Because} Standing by: until another server answers with what is deployed, {Model} does.",
                standby.Because, now);
        else if (standby.IsRelieved && !before.IsRelieved)
            log.LogInformation("Not ready any more: another server answers with what is deployed.");
        else if (before.IsRelieved && !standby.IsRelieved)
            log.LogWarning("No server answers with what is deployed. Answering again: {Model}.", now);
    }

    private void Say(LiveCandidate candidate, LiveState now)
    {
        if (candidate is { Fault: { } notYet, RetryAt: not null })
            log.LogWarning(
                "Version {Version} cannot be rolled out here yet; it is loaded again in a minute. {Fault}",
                candidate.Rollout.Candidate, notYet);
        else if (candidate is { Fault: { } other, IsOfOtherCode: true })
            log.LogInformation(
                "Version {Version} is for servers of another revision. {Fault}", candidate.Rollout.Candidate, other);
        else if (candidate.Fault is { } fault)
            log.LogError("Version {Version} cannot be rolled out here: {Fault}", candidate.Rollout.Candidate, fault);
        else if (now.Standby is not null)
            log.LogInformation(
                "Version {Version} ({Strategy}) is ready here, and answers once it is deployed.",
                candidate.Rollout.Candidate, candidate.Rollout.Strategy);
        else
            log.LogInformation(
                "Version {Version} ({Strategy}) gets {Percent} % of the requests of version {Champion}.",
                candidate.Rollout.Candidate, candidate.Rollout.Strategy, candidate.Rollout.Percent,
                now.Version);
    }

    private static string Worded(Exception e) =>
        e is RegistryException or ServingException ? e.Message : $"BUG: {e.GetType().Name}: {e.Message}";

    private sealed record Refusal(Served.Version Deployment, DateTimeOffset At, string Because, bool IsOfOtherCode)
    {
        // Changes whenever the registry has something new to say about what the environment serves.
        public bool Is(Served.Version wanted) =>
            (Deployment.Since.Position, Deployment.Model.EvidenceNumber)
            == (wanted.Since.Position, wanted.Model.EvidenceNumber);
    }
}
