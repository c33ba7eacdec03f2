namespace MLBuild.Stages.Notices;

/// <summary>Somebody could not be told; the message says what happened, behind "it": <c>answered 404</c>.</summary>
internal class NoticeFault(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One that may pass when it is tried again.</summary>
internal sealed class PassingNoticeFault(string message, Exception? inner = null) : NoticeFault(message, inner);

/// <summary>Somebody was not told of a verdict.</summary>
public sealed class NoticeException(string message) : Exception(message);
