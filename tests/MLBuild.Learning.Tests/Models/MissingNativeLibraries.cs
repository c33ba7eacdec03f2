using System.Runtime.InteropServices;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Models;

/// <summary>A machine without LightGBM's native parts is told which package to install, or what to train with instead.
///</summary>
public sealed class MissingNativeLibraries
{
    // As .NET words it on Debian without libgomp1.
    private const string WithoutLibgomp =
        "Unable to load shared library 'lib_lightgbm' or one of its dependencies. In order to help diagnose loading "
        + "problems, consider using a tool like strace. If you're using glibc, consider setting the LD_DEBUG "
        + "environment variable: \n"
        + "libgomp.so.1: cannot open shared object file: No such file or directory";

    [Fact]
    public void LibgompIsNamedWithItsPackages()
    {
        var cause = new DllNotFoundException(WithoutLibgomp);
        var error = MissingNativeLibraryException.From(
            new TypeInitializationException("X", new InvalidOperationException("", cause)));
        Assert.Equal(
            "LightGBM needs libgomp, which this machine lacks. Install it: apt-get install libgomp1 (Debian, Ubuntu), "
            + "dnf install libgomp (Fedora), apk add libgomp (Alpine); or train with --trainer FastTree.",
            error?.Message);
        Assert.Same(cause, error?.InnerException);
    }

    [Fact]
    public void APlatformWithoutLightGbmIsNamed()
    {
        var error = MissingNativeLibraryException.From(
            new DllNotFoundException("Unable to load shared library 'lib_lightgbm'."));
        Assert.Equal(
            $"LightGBM does not load on this machine ({RuntimeInformation.RuntimeIdentifier}): "
            + "Unable to load shared library 'lib_lightgbm'. "
            + "Train with --trainer FastTree, or on linux-x64, osx-x64 or win-x64.",
            error?.Message);
    }

    [Fact]
    public void OtherErrorsAreLeftAsTheyAre()
    {
        Assert.Null(MissingNativeLibraryException.From(new DllNotFoundException("Unable to load 'libgomp-like'.")));
        Assert.Null(MissingNativeLibraryException.From(new InvalidOperationException(WithoutLibgomp)));
    }
}
