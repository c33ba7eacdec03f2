namespace MLBuild.Stages.Lineage;

/// <summary>What made a version cannot be told here.</summary>
public sealed class LineageException(string message, Exception? inner = null) : Exception(message, inner);
