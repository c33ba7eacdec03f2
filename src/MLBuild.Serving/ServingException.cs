namespace MLBuild.Serving;

/// <summary>A server does not start, or does not take up a model version. The message says what was expected and what
/// to do.</summary>
public sealed class ServingException(string message, Exception? inner = null) : Exception(message, inner);
