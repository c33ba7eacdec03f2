#nullable disable
using System.Globalization;
using MLBuild.NukeCompat;
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Where the build runs and how its progress is shown there.</summary>
public class Host
{
    protected Host()
    {
    }

    /// <summary>Frames the output of a target; the frame is closed when the result is disposed.</summary>
    protected internal virtual IDisposable WriteBlock(string text)
    {
        ConsoleLines.Write("");
        ConsoleLines.Write("╬" + new string('═', text.Length + 5));
        ConsoleLines.Write("║ " + text, Paint.Strong);
        ConsoleLines.Write("╬" + new string('═', Math.Max(text.Length - 4, 2)));
        ConsoleLines.Write("");
        return new Bracket(() => { });
    }

    /// <summary>Whether blocks fold away, so that they are shown by default output TargetCollapse.</summary>
    internal virtual bool Collapses => false;

    protected internal virtual void ReportWarning(string text, string details = null)
    {
    }

    protected internal virtual void ReportError(string text, string details = null)
    {
    }

    /// <summary>True when the host has dealt with the message itself, so that it is not logged.</summary>
    protected internal virtual bool FilterMessage(string message) => false;

    protected internal virtual void WriteErrorsAndWarnings()
    {
        var events = Logging.InMemorySink.Instance.LogEvents;
        if (events.Count == 0)
            return;
        using (WriteBlock("Errors & Warnings"))
            Logging.WriteRemembered(events);
    }

    protected internal virtual void WriteTargetOutcome(INukeBuild build)
    {
        ConsoleLines.Write(SummaryTable.Lines(build.ExecutionPlan));
    }

    protected internal virtual void WriteBuildOutcome(INukeBuild build)
    {
        var now = DateTime.Now.ToString(CultureInfo.InvariantCulture);
        ConsoleLines.Write("");
        if (build.IsSucceeding)
            ConsoleLines.Write($"Build succeeded on {now}. ＼（＾ᴗ＾）／", Paint.Success);
        else
            ConsoleLines.Write($"Build failed on {now}. (╯°□°）╯︵ ┻━┻", Paint.Error);
    }
}
