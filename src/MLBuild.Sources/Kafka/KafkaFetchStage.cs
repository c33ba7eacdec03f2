using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MLBuild.Engine.Stages;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Kafka;

/// <summary>Takes a snapshot of one slice of a topic: an event a line, as a JSON object with the members of its value
/// and where it stood. Equal events give equal bytes. Events that cannot be taken are quarantined by their offset,
/// never dropped in silence. What is held in memory is bounded.</summary>
public static class KafkaFetchStage
{
    public const string Events = "events.jsonl";
    public const string Quarantine = "quarantine.csv";
    public const string Report = "fetch.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Events, Quarantine, Report];

    /// <exception cref="SourceFaultException">The cluster fails, refuses, or no longer has what the slice
    /// needs.</exception>
    public static void Run(StageRun run, KafkaFetchOptions options)
    {
        options.Validate();
        var file = run.Output(Report);
        var (server, slice) = (options.Server, options.Slice);
        var password = server.Secret is { } secret ? run.Secret(secret) : null;
        DemandPresence(server, slice, password);
        var (events, tombstones, malformed, bytes, firstFault) = (0L, 0L, 0L, 0L, (RowFault?)null);
        using var lines = new EventLines(run.Output(Events), options);
        using var quarantine = new FaultFile(run.Output(Quarantine));
        foreach (var read in KafkaReader.Read(server, slice, password, run.Cancel))
        {
            bytes += (read.Message.Key?.Length ?? 0) + (read.Message.Value?.Length ?? 0);
            if (lines.Add(read.Offset, read.Message) is not { } fault)
            {
                events++;
                continue;
            }
            if (read.Message.Value is null)
                tombstones++;
            else
                malformed++;
            firstFault ??= fault;
            quarantine.Add(fault);
        }
        var report = new KafkaFetchReport
        {
            Topic = slice.Topic,
            Partition = slice.Partition,
            First = slice.First,
            End = slice.End,
            Events = events,
            Tombstones = tombstones,
            Malformed = malformed,
            Bytes = bytes,
            Gaps = slice.End - slice.First - events - tombstones - malformed,
            FirstFault = firstFault?.ToString(),
        };
        ReportFile.Write(file, report);
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{events:N0} events at {slice.First:N0} to {slice.End - 1:N0}, {tombstones:N0} tombstones, " +
            $"{malformed:N0} malformed, {report.Gaps:N0} offsets without event"));
    }

    private static void DemandPresence(KafkaServer server, KafkaSlice slice, string? password)
    {
        using var admin = new KafkaAdmin(server, slice.Topic, password);
        var low = admin.Offsets([slice.Partition], OffsetSpec.Earliest(), slice.Isolation)[slice.Partition];
        var high = admin.Offsets([slice.Partition], OffsetSpec.Latest(), slice.Isolation)[slice.Partition];
        if (KafkaFaults.Loss(slice, low, high) is { } loss)
            throw new LostSourceDataException(loss);
    }
}
