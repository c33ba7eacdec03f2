using System.Net;
using MLBuild.Engine.Stages;
using MLBuild.Stages.Reports;

namespace MLBuild.Sources.Http;

/// <summary>Writes what a server answers as an immutable snapshot: a file as it is, or rows as lines of JSON. What is
/// made of it is another stage's work, so that a change there asks the server nothing.</summary>
public static class HttpFetchStage
{
    public const string Rows = "rows.jsonl";
    public const string Report = "fetch.json";

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
        WarnOfPlainSecret(run, options);
        var report = options.Answer switch
        {
            HttpAnswer.File file => await Fetch(run, options, file, clock),
            HttpAnswer.Rows rows => await Fetch(run, options, rows, clock),
            var other => throw new InvalidOperationException($"BUG: unknown answer {other.GetType().Name}."),
        };
        if (options.ObservedAs is { } observation)
            await DemandUnchanged(run, options, clock, observation);
        ReportFile.Write(run.Output(Report), report);
        run.Log(Summary(report));
    }

    private static async Task<HttpFetchReport> Fetch(
        StageRun run, HttpOptions options, HttpAnswer.File file, TimeProvider clock)
    {
        using var connection =
            new HttpConnection(options, run.Secret, clock, run.Log, DecompressionMethods.None);
        return await new HttpDownload(connection, file, clock, run.Log, run.Output(file.Name)).Run(run.Cancel);
    }

    private static async Task<HttpFetchReport> Fetch(
        StageRun run, HttpOptions options, HttpAnswer.Rows rows, TimeProvider clock)
    {
        using var connection = new HttpConnection(options, run.Secret, clock, run.Log, DecompressionMethods.All);
        using var file = new RowFile(run.Output(Rows), rows.Repeated);
        return await new HttpPages(connection, rows, clock, file).Run(run.Cancel);
    }

    // The recipe says which state was observed; the snapshot must be of that one.
    private static async Task DemandUnchanged(
        StageRun run, HttpOptions options, TimeProvider clock, string observation)
    {
        var now = await HttpProbe.Read(options, run.Secret, clock, run.Log, run.Cancel);
        if (now != run.Observed(observation))
            throw new LostSourceDataException($"{UrlQuery.Shown(new(options.Url))} changed after it was observed: it " +
                $"was {run.Observed(observation)}, and is {now}. What was fetched is not kept. Run the same command " +
                "again.");
    }

    private static void WarnOfPlainSecret(StageRun run, HttpOptions options)
    {
        var url = new Uri(options.Url);
        if (url is { Scheme: "http", IsLoopback: false }
            && HttpAuthentication.SecretOf(options.Authentication) is { } name)
            run.Log($"{UrlQuery.Shown(url)} gets the secret '{name}' in plain sight of everybody on the way; use https");
    }

    private static string Summary(HttpFetchReport report)
    {
        var rows = report.Rows is { } read
            ? FormattableString.Invariant($"{read.Kept:N0} rows, {read.Pages:N0} pages, ")
            : "";
        return FormattableString.Invariant(
            $"{rows}{report.Bytes:N0} bytes, {report.Requests:N0} requests, {report.Retries:N0} retries");
    }

    // The machine's clock. No name of a stage's input: only waits depend on it.
    private sealed class Clock : TimeProvider;
}
