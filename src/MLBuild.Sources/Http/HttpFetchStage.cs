using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;
using MLBuild.Stages.Reports;

namespace MLBuild.Sources.Http;

/// <summary>Writes what a server answers as an immutable snapshot: a file as it is, or rows as lines of JSON. What is
/// made of it is another stage's work, so that a change there asks the server nothing.</summary>
public static class HttpFetchStage
{
    public const string Rows = "rows.jsonl";
    public const string Report = "fetch.json";

    /// <summary>What a stage observes unless its <see cref="HttpOptions.Identity"/> is Unknown:
    /// <c>.Observes(HttpFetchStage.Observation, run => HttpProbe.Of(options, run))</c>. Data that changed after it was
    /// observed is not kept.</summary>
    public const string Observation = "http";

    /// <summary>What the stage writes where <see cref="HttpOptions.Answer"/> is rows.</summary>
    public static readonly string[] Outputs = [Rows, Report];

    /// <summary>What the stage writes where <see cref="HttpOptions.Answer"/> is a file of this name.</summary>
    public static string[] OutputsFor(string file) => [file, Report];

    /// <exception cref="SourceFaultException">There is no answer, or another than was declared.</exception>
    /// <exception cref="ArgumentException">The options are not in their ranges.</exception>
    public static Task Run(StageRun run, HttpOptions options) => Run(run, options, new Clock());

    /// <param name="clock">Times silence and waits; nothing that is written depends on it.</param>
    public static async Task Run(StageRun run, HttpOptions options, TimeProvider clock)
    {
        options.Validate();
        var (file, observed) = (run.Output(Report), Observed(run, options));
        WarnOfPlainSecret(run, options);
        var report = options.Answer switch
        {
            HttpAnswer.File one => await Fetch(run, options, one, clock),
            HttpAnswer.Rows rows => await Fetch(run, options, rows, clock),
            var other => throw new InvalidOperationException($"BUG: unknown answer {other.GetType().Name}."),
        };
        if (observed is not null)
            await DemandUnchanged(run, options, clock, observed);
        ReportFile.Write(file, report);
        run.Log(Summary(report));
    }

    private static async Task<HttpFetchReport> Fetch(
        StageRun run, HttpOptions options, HttpAnswer.File file, TimeProvider clock)
    {
        using var connection = new HttpConnection(options, run.Secret, clock, run.Log);
        return await new HttpDownload(connection, file, clock, run.Log, run.Output(file.Name)).Run(run.Cancel);
    }

    private static async Task<HttpFetchReport> Fetch(
        StageRun run, HttpOptions options, HttpAnswer.Rows rows, TimeProvider clock)
    {
        using var connection = new HttpConnection(options, run.Secret, clock, run.Log);
        using var file = new RowFile(run.Output(Rows), rows.Repeated);
        return await new HttpPages(connection, rows, clock, file).Run(run.Cancel);
    }

    private static string? Observed(StageRun run, HttpOptions options)
    {
        try
        {
            return options.Identity is HttpIdentity.Unknown ? null : run.Observed(Observation);
        }
        catch (PipelineException e)
        {
            throw new ArgumentException($"{e.Message} Its probe is HttpProbe.Of. If nothing tells versions apart, " +
                "set Identity = new HttpIdentity.Unknown(): it is then fetched once.", e);
        }
    }

    // The recipe says which state was observed; the snapshot must be of that one.
    private static async Task DemandUnchanged(
        StageRun run, HttpOptions options, TimeProvider clock, string observed)
    {
        var now = await HttpProbe.Read(options, run.Secret, clock, run.Log, run.Cancel);
        if (now != observed)
            throw new LostSourceDataException($"{UrlQuery.Shown(new(options.Url))} changed after it was observed: it " +
                $"was {observed}, and is {now}. What was fetched is not kept. Run the same command again.");
    }

    private static void WarnOfPlainSecret(StageRun run, HttpOptions options)
    {
        var url = new Uri(options.Url);
        if (url is { Scheme: "http", IsLoopback: false }
            && HttpAuthentication.SecretOf(options.Authentication) is { } name)
            run.Log($"{UrlQuery.Shown(url)} gets the secret '{name}' in plain sight of all on the way; use https");
    }

    // '3 rows in 2 pages, 1 repeated, 1.2 KB, 3 requests, 1 of them again'
    private static string Summary(HttpFetchReport report)
    {
        var parts = new List<string>();
        if (report.Rows is { } rows)
        {
            parts.Add($"{Count(rows.Kept, "row")} in {Count(rows.Pages, "page")}");
            if (rows.Repeated > 0)
                parts.Add(FormattableString.Invariant($"{rows.Repeated:N0} repeated"));
            if (rows.Superseded > 0)
                parts.Add(FormattableString.Invariant($"{rows.Superseded:N0} superseded"));
        }
        parts.Add(Wording.Size(report.Bytes));
        parts.Add(Count(report.Requests, "request"));
        if (report.Retries > 0)
            parts.Add(FormattableString.Invariant($"{report.Retries:N0} of them again"));
        return string.Join(", ", parts);

        static string Count(long count, string thing) =>
            FormattableString.Invariant($"{count:N0} {thing}{(count == 1 ? "" : "s")}");
    }

    // The machine's clock. No input of the stage: only waits depend on it.
    private sealed class Clock : TimeProvider;
}
