using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Rows;
using MLBuild.Serving.Metrics;
using MLBuild.Serving.Predictions;

namespace MLBuild.Serving.Log;

/// <summary>Logs each predicted row: key, features, scores, version, time. An answer never waits for it: rows wait in
/// memory, up to a number, for one writer in the background; what finds no room, has no key or cannot be written is
/// dropped, counted and said.</summary>
/// <remarks>A server that is stopped writes all it has. One that is killed loses the rows that wait and those of the
/// file that is not written yet: at most <see cref="PredictionLogOptions.MaxWaitingRows"/> and
/// <see cref="PredictionLogOptions.MaxFileRows"/>, of the last <see cref="PredictionLogOptions.FileInterval"/> as a
/// rule.</remarks>
internal sealed class PredictionLog(
    PredictionLogOptions options, IReadOnlyList<string> features, ServingMetrics metrics, TimeProvider clock,
    ILogger log) : BackgroundService
{
    // Null means that it is time for a file.
    private readonly Channel<PredictedRows?> _queue =
        Channel.CreateUnbounded<PredictedRows?>(new() { SingleReader = true });

    private readonly PredictionFolder _folder = new(options.Folder, clock);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waitingRows;
    private long _dropped;
    private PredictionBatch? _batch;
    private bool _isBroken;

    /// <summary>Takes the rows of a request, or counts them as dropped.</summary>
    /// <param name="keys">Of each row; null where it has none.</param>
    public void Offer(Prediction prediction, ReadOnlySpan<RowKey?> keys)
    {
        var known = 0;
        foreach (var key in keys)
            known += key is null ? 0 : 1;
        Drop(keys.Length - known);
        if (known == 0)
            return;
        if (Interlocked.Add(ref _waitingRows, known) > options.MaxWaitingRows)
        {
            Interlocked.Add(ref _waitingRows, -known);
            Drop(known);
            return;
        }
        if (!_queue.Writer.TryWrite(Copy(prediction, keys, known)))
            Drop(known);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        // Who disposes of it before a thread has begun with it has it cancelled, which the host takes for a failure.
        await Task.WhenAny(_begun.Task, ExecuteTask!);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    // Until the queue has ended and not until the token says so: what was answered is logged.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(
            _ => _queue.Writer.TryWrite(null), null, options.FileInterval, options.FileInterval);
        _begun.SetResult();
        await foreach (var rows in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (rows is null)
                await WriteAsync();
            else
                await AddAsync(rows);
        }
        await WriteAsync();
    }

    private PredictedRows Copy(Prediction prediction, ReadOnlySpan<RowKey?> keys, int known)
    {
        var task = prediction.Model.Model.Schema.Task;
        var rows = new PredictedRows(
            prediction.Model.Version, task, clock.GetUtcNow().UtcDateTime, new string[known],
            new float[known * features.Count], new float[known * task.ScoreCount]);
        var to = 0;
        for (var from = 0; from < keys.Length; from++)
        {
            if (keys[from] is not { } key)
                continue;
            rows.Keys[to] = key.ToString();
            CopyRow(prediction.Features, from, rows.Features, to, features.Count);
            CopyRow(prediction.Scores, from, rows.Scores, to, task.ScoreCount);
            to++;
        }
        return rows;
    }

    private static void CopyRow(ReadOnlySpan<float> source, int from, float[] into, int to, int width) =>
        source.Slice(from * width, width).CopyTo(into.AsSpan(to * width));

    private async Task AddAsync(PredictedRows rows)
    {
        Interlocked.Add(ref _waitingRows, -rows.Keys.Length);
        // A file has the columns of one task.
        if (_batch is not null && !_batch.Task.Equals(rows.Task))
            await WriteAsync();
        _batch ??= new(rows.Task, features);
        _batch.Add(rows);
        if (_batch.RowCount >= options.MaxFileRows)
            await WriteAsync();
    }

    private async Task WriteAsync()
    {
        if (_batch is { } batch)
        {
            _batch = null;
            try
            {
                await _folder.AddAsync(batch);
                metrics.Logged(batch.RowCount);
                _isBroken = false;
            }
            // Any exception: a log that ended would drop everything behind it.
            catch (Exception e)
            {
                Drop(batch.RowCount);
                if (!_isBroken)
                    log.LogError("Predictions are not logged to {Folder}: {Fault}", options.Folder, e.Message);
                _isBroken = true;
            }
        }
        if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            log.LogWarning(
                "{Count} predicted rows were not logged: they had no key, found no room to wait, or could not be "
                + "written.",
                dropped);
    }

    private void Drop(int rows)
    {
        if (rows == 0)
            return;
        Interlocked.Add(ref _dropped, rows);
        metrics.Dropped(rows);
    }
}
