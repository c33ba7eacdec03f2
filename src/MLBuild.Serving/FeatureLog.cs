using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving;

/// <summary>Appends the features of each prediction to a file of JSON lines, so that they can be compared with those of
/// training: <c>{"key":"…","version":3,"features":{"distance":2.4}}</c>. Numbers read back to the same bits.</summary>
/// <remarks>A line is whole or has no end. A file that cannot be written loses lines, which is said once, and costs no
/// answer.</remarks>
internal sealed class FeatureLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly ILogger _log;
    private readonly string[] _names;
    private bool _isBroken;

    /// <exception cref="ServingException">The file cannot be written, or another server writes it.</exception>
    public FeatureLog(string path, IEnumerable<string> names, ILogger log)
    {
        // As JSON: a name may have a quote.
        _names = [.. names.Select(name => System.Text.Json.JsonSerializer.Serialize(name))];
        _log = log;
        try
        {
            _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServingException(
                $"The server cannot start: --feature-log is '{path}', which cannot be written: {e.Message} "
                + "Name another file, or let the server that writes it end.", e);
        }
    }

    /// <summary>Appends the rows of one request.</summary>
    public void Append(int version, IEnumerable<(RowKey Key, float[] Features)> rows)
    {
        var text = new StringBuilder();
        foreach (var (key, features) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"key\":\"{key}\",\"version\":{version},\"features\":{{");
            for (var i = 0; i < features.Length; i++)
                text.Append(i == 0 ? "" : ",").Append(_names[i]).Append(':').Append(Text(features[i]));
            text.Append("}}\n");
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        lock (_lock)
            Write(bytes);
    }

    public void Dispose() => _file.Dispose();

    private void Write(byte[] bytes)
    {
        try
        {
            _file.Write(bytes);
            _file.Flush();
            _isBroken = false;
        }
        catch (IOException e)
        {
            if (!_isBroken)
                _log.LogError("Features are not logged to {File}: {Fault}", _file.Name, e.Message);
            _isBroken = true;
        }
    }

    private static string Text(float value) => float.IsFinite(value)
        ? value.ToString("R", CultureInfo.InvariantCulture)
        : $"\"{value.ToString(CultureInfo.InvariantCulture)}\"";
}
