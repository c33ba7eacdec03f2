using MLBuild.Engine.Stages;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Notices;

/// <summary>Tells somebody of the windows whose verdict calls for it, each once for its version and verdict. What could
/// not be told is told by the next run, and what was told is not told again.</summary>
public static class NoticeStage
{
    /// <summary>The secret that has the webhook's address, as declared with WithSecret.</summary>
    public const string Address = "webhook";

    public const string Report = "told.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NoticeException">Somebody could not be told.</exception>
    public static async Task Run(StageRun run, NoticeOptions options, TimeProvider clock)
    {
        options.Validate();
        var told = new ToldNotices(options.History, options.Channel);
        Notice[] open =
        [
            .. Notice.Of(
                ReportFile.Read<MonitorReport>(run.Input(MonitorStage.Report)), options.Model, options.Environment,
                options.On).Where(notice => !told.Has(notice)),
        ];
        ReportFile.Write(run.Output(Report), open);
        switch (options.Channel)
        {
            // Also where nothing is to be told: that an address is none is known before it is needed.
            case NoticeChannel.Webhook:
                using (var webhook = new Webhook(run.Secret(Address), options, clock))
                    await Tell(webhook.Name, notice => webhook.Tell(notice, run.Log, run.Cancel));
                break;
            case NoticeChannel.Command:
                var command = new NoticeCommand(options, clock);
                await Tell(command.Name, notice => command.Tell(notice, run.Cancel));
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown channel {options.Channel}.");
        }

        async Task Tell(string who, Func<Notice, Task> tell)
        {
            var faults = new List<string>();
            foreach (var notice in open)
            {
                try
                {
                    await tell(notice);
                    told.Add(notice);
                    run.Log($"{who} was told: {notice}");
                }
                catch (NoticeFault fault)
                {
                    faults.Add($"{notice}: it {fault.Message}");
                }
            }
            if (faults.Count > 0)
                throw new NoticeException(
                    $"{char.ToUpperInvariant(who[0])}{who[1..]} could not be told of {faults.Count} of {open.Length} "
                    + $"verdicts.\n  {string.Join("\n  ", faults)}\n"
                    + "The verdicts are kept. Mend it and run Monitor again: what was told is not told again.");
        }
    }
}
