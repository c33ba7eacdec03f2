using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Http;

/// <summary>How an API says where its next rows are.</summary>
public abstract record HttpPaging
{
    private HttpPaging()
    {
    }

    /// <summary>Most pages of one fetch; more are an error, never a silent end. 1 to 10,000,000, default
    /// 10,000.</summary>
    [NotAnInput]
    public int MaxPages { get; init; } = 10_000;

    /// <summary>All rows are in one answer.</summary>
    public sealed record None : HttpPaging;

    /// <summary>The header <c>Link: &lt;…&gt;; rel="next"</c> (RFC 8288); the last page has none.</summary>
    public sealed record LinkHeader : HttpPaging;

    /// <summary>The answer holds the URL of the next page; at the last one it is null, empty or missing.</summary>
    /// <param name="At">A JSON pointer (RFC 6901): <c>/paging/next</c>. The URL may be relative.</param>
    public sealed record NextUrl(string At) : HttpPaging;

    /// <summary>A parameter of the URL counts pages. The first one without rows is the end: a page that is merely short
    /// may be the server's own limit.</summary>
    /// <param name="Parameter">Such as <c>page</c>.</param>
    /// <param name="First">The number of the first page. 0 or 1, default 1.</param>
    public sealed record PageNumber(string Parameter, int First = 1) : HttpPaging;

    /// <summary>A parameter of the URL says how many rows to skip: as many as came so far. The first page without rows
    /// is the end.</summary>
    /// <param name="Parameter">Such as <c>offset</c>.</param>
    /// <param name="LimitParameter">Such as <c>limit</c>.</param>
    /// <param name="Limit">Rows to ask for at once. 1 to 1,000,000. The server may send fewer.</param>
    public sealed record Offset(string Parameter, string LimitParameter, int Limit) : HttpPaging;

    /// <summary>The answer holds what to ask the next page with; at the last one it is null, empty or missing.
    /// </summary>
    /// <param name="Parameter">Of the URL, such as <c>cursor</c>.</param>
    /// <param name="At">A JSON pointer (RFC 6901): <c>/meta/next_cursor</c>.</param>
    public sealed record Cursor(string Parameter, string At) : HttpPaging;
}
