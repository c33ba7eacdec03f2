using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Rows;
using MLBuild.Serving.Predictions;

namespace MLBuild.Serving;

/// <summary>Appends the features of each prediction to a file of JSON lines, so that they can be compared with those of
/// training: <c>{"key":"…","version":3,"features":{"distance":2.4}}</c>. Numbers read back to the same bits.</summary>
/// <remarks>A line is whole, or the last one and has no end: such a one is taken away before the next is written. A
/// file with <c>.lock</c> behind its name keeps other servers out. A row that cannot be logged, for want of a key or of
/// room on the disk, is said once, and costs no answer.</remarks>
internal sealed class FeatureLog<TRow> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _alone;
    private readonly FileStream _file;
    private readonly string[] _names;
    private readonly Func<TRow, RowKey> _key;
    private long _end;
    private bool _isBroken;
    private bool _lacksKeys;

    /// <exception cref="ServingException">The file cannot be written, or another server writes it.</exception>
    public FeatureLog(string path, IEnumerable<string> names, Func<TRow, RowKey> key)
    {
        // As JSON: a name may have a quote.
        _names = [.. names.Select(name => System.Text.Json.JsonSerializer.Serialize(name))];
        _key = key;
        try
        {
            // On Linux only this share keeps others out, and readers of the log must not be.
            _alone = new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Unbuffered: what could not be written is not tried again behind one's back.
            _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            _end = EndOfLastLine(_file);
            _file.SetLength(_end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            _alone?.Dispose();
            throw new ServingException(
                $"The server cannot start: --feature-log is '{path}', which cannot be written: {e.Message} "
                + "Name another file, or let the server that writes it end.", e);
        }
    }

    /// <summary>Appends the rows of one request.</summary>
    /// <param name="log">Is told what cannot be logged.</param>
    public void Append(IReadOnlyList<TRow> rows, Prediction prediction, ILogger log)
    {
        var text = new StringBuilder();
        for (var row = 0; row < prediction.Rows; row++)
        {
            if (KeyOf(rows[row], log) is not { } key)
                continue;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{{\"key\":\"{key}\",\"version\":{prediction.Model.Version},\"features\":{{");
            for (var i = 0; i < _names.Length; i++)
                text.Append(i == 0 ? "" : ",").Append(_names[i]).Append(':')
                    .Append(Text(prediction.Features[row * _names.Length + i]));
            text.Append("}}\n");
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        lock (_lock)
            Write(bytes, log);
    }

    public void Dispose()
    {
        _file.Dispose();
        _alone.Dispose();
    }

    private RowKey? KeyOf(TRow row, ILogger log)
    {
        try
        {
            return _key(row);
        }
        catch (Exception e)
        {
            if (!Interlocked.Exchange(ref _lacksKeys, true))
                log.LogError("Rows whose key cannot be told are not logged to {File}: {Fault}", _file.Name, e.Message);
            return null;
        }
    }

    private void Write(byte[] bytes, ILogger log)
    {
        try
        {
            // What was written of lines before the disk was full would be the beginning of the next.
            if (_isBroken)
                _file.SetLength(_end);
            _file.Position = _end;
            _file.Write(bytes);
            _end += bytes.Length;
            _isBroken = false;
        }
        catch (IOException e)
        {
            if (!_isBroken)
                log.LogError("Features are not logged to {File}: {Fault}", _file.Name, e.Message);
            _isBroken = true;
        }
    }

    private static long EndOfLastLine(FileStream file)
    {
        var block = new byte[4096];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(end - block.Length, 0);
            var part = block.AsSpan(0, (int)(end - start));
            file.Position = start;
            file.ReadExactly(part);
            if (part.LastIndexOf((byte)'\n') is var at and >= 0)
                return start + at + 1;
            end = start;
        }
        return 0;
    }

    private static string Text(float value) => float.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : $"\"{value.ToString(CultureInfo.InvariantCulture)}\"";
}
