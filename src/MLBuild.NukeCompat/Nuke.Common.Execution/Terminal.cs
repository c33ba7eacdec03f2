namespace Nuke.Common.Execution;

/// <summary>The host of builds that no build server runs. A public class of the build's assembly that derives from
/// it, with a static property <c>IsRunning</c> + its name, takes its place.</summary>
public class Terminal : Host
{
    public static bool IsRunningTerminal => true;
}
