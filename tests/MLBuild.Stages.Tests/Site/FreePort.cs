using System.Net.NetworkInformation;

namespace MLBuild.Stages.Tests.Site;

/// <summary>Ports for programs that have to be told one.</summary>
internal static class FreePort
{
    // Below what a system gives to those who ask for any port: nobody else gets it before the program listens there.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Given = [];

    /// <summary>One of this machine that nobody listens on, each time another.</summary>
    public static int Find()
    {
        // Without listening on it first: a process that is started meanwhile would have a copy of the listener.
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Select(at => at.Port).ToHashSet();
        lock (Given)
        {
            while (true)
            {
                if (Random.Shared.Next(First, Last) is var port && !taken.Contains(port) && Given.Add(port))
                    return port;
            }
        }
    }
}
