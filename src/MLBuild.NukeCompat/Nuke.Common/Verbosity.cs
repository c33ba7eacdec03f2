namespace Nuke.Common;

/// <summary>How much is logged. Errors appear at every level; the names are values of --verbosity.</summary>
public enum Verbosity
{
    Verbose,
    Normal,
    Minimal,
    Quiet
}
