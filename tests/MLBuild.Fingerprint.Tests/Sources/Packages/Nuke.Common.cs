namespace Nuke.Common;

/// <summary>Stands for the base class of the host's builds.</summary>
public abstract class NukeBuild;
