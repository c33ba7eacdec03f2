namespace MLBuild.Stages.Tables;

/// <summary>A table that cannot be used as a whole: missing, empty, not of the format, not of the schema. A fault of
/// one row is a <see cref="RowFault"/> and does not throw.</summary>
public sealed class TableException(string message, Exception? cause = null) : Exception(message, cause);
