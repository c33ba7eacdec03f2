using System.Text.Json.Serialization;

namespace MLBuild.Sources.Http;

/// <summary>What became of one fetch. Equal answers give equal reports: it holds no time of this machine.</summary>
/// <param name="Url">That was declared.</param>
/// <param name="FinalUrl">That was answered at last, behind redirections and pages, without its query.</param>
/// <param name="Requests">Sent, redirections and retries included.</param>
/// <param name="Retries">Attempts after the first one of their request.</param>
/// <param name="Waits">How many of them at a time that the server asked for.</param>
/// <param name="Bytes">Of the file as it was sent, or of all pages once they were decompressed.</param>
/// <param name="ETag">Of the file, or of the first page.</param>
/// <param name="LastModified">Of the file, or of the first page; in UTC.</param>
public sealed record HttpFetchReport(
    string Url, string FinalUrl, long Requests, long Retries, long Waits, long Bytes, string? ETag,
    string? LastModified)
{
    internal HttpFetchReport(string url, string finalUrl, HttpTally tally, HttpValidators? validators)
        : this(url, finalUrl, tally.Requests, tally.Retries, tally.Waits, tally.Bytes, validators?.TagText,
            validators?.LastModifiedText)
    {
    }

    /// <summary>Of a file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HttpFileReport? File { get; init; }

    /// <summary>Of rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HttpRowsReport? Rows { get; init; }
}

/// <summary>How a file came.</summary>
/// <param name="Resumed">Times that it was gone on with after a break.</param>
/// <param name="Restarted">Times that it was begun anew after a break.</param>
/// <param name="CheckedBy">What shows that it is complete.</param>
public sealed record HttpFileReport(int Resumed, int Restarted, FileCheck CheckedBy);

/// <summary>What shows that a file is complete.</summary>
public enum FileCheck
{
    /// <summary>The server sent a hash of its bytes, which they have.</summary>
    Digest,

    /// <summary>The server sent its length, which it has.</summary>
    Length,

    /// <summary>The server marked its end.</summary>
    End,

    /// <summary>The server closed the connection, which may be its end.</summary>
    Nothing,
}

/// <summary>How rows came.</summary>
/// <param name="Pages">The empty one at the end, where there is one, included.</param>
/// <param name="Kept">Lines of <c>rows.jsonl</c>.</param>
/// <param name="Repeated">Left out, because an equal row with that id came before.</param>
/// <param name="Superseded">Left out, because another row with that id came later.</param>
public sealed record HttpRowsReport(int Pages, long Kept, long Repeated, long Superseded);
