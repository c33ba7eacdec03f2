namespace Nuke.Common;

/// <summary>The lowest level that is logged, in the order of <see cref="Verbosity"/>.</summary>
public enum LogLevel
{
    Trace,
    Normal,
    Warning,
    Error
}
