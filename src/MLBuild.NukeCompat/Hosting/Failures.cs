using System.Reflection;

namespace MLBuild.NukeCompat;

/// <summary>What an exception is about.</summary>
internal static class Failures
{
    /// <summary>The exception that was thrown first, out of those that only carry it.</summary>
    public static Exception Cause(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Cause(inner),
        TypeInitializationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerExceptions: [var only] } => Cause(only),
        _ => exception
    };

    public static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd('\r');
}
