namespace MLBuild.Acceptance.Tests;

/// <summary>What happens on a machine without a suitable SDK: scripts stand for its dotnet and curl.</summary>
public sealed class BootstrapFindsSdk : IDisposable
{
    private readonly BootstrapCheckout _checkout = new();

    public BootstrapFindsSdk() => _checkout.ReplaceProgram("dotnet", "exit 1 # no SDK satisfies global.json");

    public void Dispose() => _checkout.Dispose();

    [UnixFact]
    public void WithoutInternetTheErrorNamesWhatToInstall()
    {
        _checkout.ReplaceProgram("curl", "exit 6");

        var outcome = _checkout.Run();

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            [
                "no .NET SDK 10.0 on PATH that satisfies global.json; installing one to .nuke/temp/dotnet",
                "The .NET SDK 10.0 could not be downloaded. Install it (https://dotnet.microsoft.com/download) "
                + "so that 'dotnet --version' in this folder prints 10.0.x, then run the build again.",
                "",
            ],
            outcome.Lines);
    }

    [UnixFact]
    public void DownloadedSdkIsUsedFromThenOn()
    {
        // The installer that this curl delivers installs a dotnet that is the machine's.
        _checkout.WriteScript("sdk/dotnet", $"exec '{BootstrapCheckout.Dotnet}' \"$@\"");
        _checkout.WriteScript("sdk/install", $"""
            [ "$1 $2 $3 $5" = "--channel 10.0 --install-dir --no-path" ] || exit 1
            cp -r '{_checkout.PathOf("sdk")}' "$4"
            """);
        _checkout.ReplaceProgram("curl", $"""
            [ "$1 $2 $3" = "-fsSL https://dot.net/v1/dotnet-install.sh -o" ] || exit 1
            cp '{_checkout.PathOf("sdk/install")}' "$4"
            """);

        var outcome = _checkout.Run();

        Assert.Equal("first text" + Environment.NewLine, outcome.Output);
        Assert.StartsWith("no .NET SDK 10.0 on PATH", outcome.Said);
        Assert.Equal(new Outcome(0, outcome.Output, ""), _checkout.Run());
    }
}
