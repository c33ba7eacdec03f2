using System.Runtime.InteropServices;

namespace MLBuild.Learning.Models;

/// <summary>This machine lacks a native library that a trainer needs.</summary>
public sealed class MissingNativeLibraryException : Exception
{
    private MissingNativeLibraryException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>The exception to throw in place of <paramref name="error"/>, or null where that has another
    /// cause.</summary>
    public static MissingNativeLibraryException? From(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException missing && missing.Message.Contains("lightgbm", StringComparison.Ordinal))
                return new(Advice(missing), missing);
        }
        return null;
    }

    private static string Advice(DllNotFoundException missing) =>
        missing.Message.Contains("libgomp", StringComparison.Ordinal)
            ? "LightGBM needs libgomp, which this machine lacks. Install it: "
                + "apt-get install libgomp1 (Debian, Ubuntu), dnf install libgomp (Fedora), apk add libgomp (Alpine); "
                + "or train with --trainer FastTree."
            : $"LightGBM does not load on this machine ({RuntimeInformation.RuntimeIdentifier}): {missing.Message} "
                + "Train with --trainer FastTree, or on linux-x64, osx-x64 or win-x64.";
}
