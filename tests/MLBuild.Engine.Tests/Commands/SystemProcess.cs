using System.Runtime.InteropServices;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>A process of the system, by its id.</summary>
internal static class SystemProcess
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>On Linux. One that is dead and that nobody has asked for yet is not alive.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static void Send(int id, int signal) => Assert.Equal(0, kill(id, signal));

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
