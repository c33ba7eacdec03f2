using System.Text;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Running;

namespace MLBuild.Engine.Stages;

/// <summary>What a piece of work says while it runs: shown as it comes, and kept in a file, which is made with the
/// first line.</summary>
/// <param name="show">Gets each line for whoever watches.</param>
/// <param name="showProgress">Gets each line that says how far the work is.</param>
internal sealed class StageLog(string path, Action<string> show, Action<string, ProgressPace> showProgress)
    : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _secrets = [];
    private SecretMask? _mask;
    private FileStream? _file;
    private bool _isClosed;

    /// <summary>Writes a secret as <c>***</c> from here on.</summary>
    public void Hide(string secret)
    {
        lock (_lock)
        {
            _secrets.Add(secret);
            _mask = new(_secrets);
        }
    }

    /// <summary>True if there is something that nobody may see.</summary>
    public bool HidesSecrets => _mask is not null;

    /// <summary>The text without the secrets that are hidden so far.</summary>
    public string Masked(string text) => _mask is { } mask ? mask.Of(text) : text;

    /// <summary>A line to show and to keep.</summary>
    public void Line(string line)
    {
        Keep(line + "\n");
        Show(line);
    }

    /// <summary>A line to show only.</summary>
    public void Show(string line) => show(Masked(line));

    /// <summary>A line that says how far the work is; kept if it is worth it. After the log is closed it is lost, as it
    /// would stay where it takes the place of another.</summary>
    public void Progress(string line, ProgressPace pace)
    {
        if (pace == ProgressPace.Line)
            Keep(line + "\n");
        lock (_lock)
        {
            if (!_isClosed)
                showProgress(Masked(line), pace);
        }
    }

    /// <summary>Text to keep only. After the log is closed it is lost: a thread that the work left behind may still
    /// log.</summary>
    public void Keep(string text)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            // Unbuffered: it can be followed, and closing it writes nothing, so that a full disk is met here.
            _file ??= new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _file.Write(Encoding.UTF8.GetBytes(Masked(text)));
        }
    }

    /// <summary>Closes the log and puts its file elsewhere. If there is none, there is none there either.</summary>
    public void MoveTo(string place)
    {
        Dispose();
        if (!File.Exists(path))
        {
            if (File.Exists(place))
                File.Delete(place);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(path, place, overwrite: true);
    }

    /// <summary>Closes the log; its file stays.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }
}
