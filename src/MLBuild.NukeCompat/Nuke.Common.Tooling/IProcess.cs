#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>A started program.</summary>
public interface IProcess : IDisposable
{
    string FileName { get; }
    string Arguments { get; }
    string WorkingDirectory { get; }

    /// <summary>The lines written so far; all of them once <see cref="WaitForExit"/> has returned true.</summary>
    IReadOnlyCollection<Output> Output { get; }

    int ExitCode { get; }
    bool HasExited { get; }
    int Id { get; }

    /// <summary>Ends the program and those that it started.</summary>
    void Kill();

    /// <summary>Waits until it has ended and nobody writes to its output any more. False when the time given at its
    /// start ran out before; then it was killed.</summary>
    bool WaitForExit();
}

/// <summary>One line that a program wrote.</summary>
public struct Output
{
    public OutputType Type;
    public string Text;
}

/// <summary>The stream that a line was written to.</summary>
public enum OutputType
{
    Std,
    Err
}
