using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace MLBuild.Sources.Http;

/// <summary>Fetches rows page by page. A page is read as a whole before its first row is written, so that one that
/// breaks off leaves nothing.</summary>
internal sealed class HttpPages(HttpConnection connection, HttpAnswer.Rows answer, TimeProvider clock, RowFile file)
{
    private readonly Uri _first = new(connection.Options.Url);
    private readonly Dictionary<string, int> _urls = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly JsonPointer _at = new(answer.At);
    private readonly JsonPointer? _id = answer.Id is null ? null : new(answer.Id);
    private HttpValidators? _validators;
    private Uri _last = new(connection.Options.Url);
    private byte[] _before = [];
    private int _page;
    private long _rows;

    private string Accept => connection.Options.Accept ?? (answer.Format == RowFormat.Array
        ? "application/json"
        : "application/x-ndjson, application/jsonl, application/json;q=0.9");

    private string Expected => answer.Format == RowFormat.Array ? "JSON" : "lines of JSON";

    public async Task<HttpFetchReport> Run(CancellationToken cancel)
    {
        for (var url = First(); url is not null; url = await Fetch(url, cancel))
            Begin(url);
        file.Complete();
        return new(connection.Options.Url, UrlQuery.Shown(_last), connection.Tally, _validators)
        {
            Rows = new(_page, file.Kept, file.Repeated, file.Superseded),
        };
    }

    private Uri First() => answer.Paging switch
    {
        HttpPaging.PageNumber paging => UrlQuery.With(_first, paging.Parameter, Text(paging.First)),
        HttpPaging.Offset paging => UrlQuery.With(
            UrlQuery.With(_first, paging.Parameter, "0"), paging.LimitParameter, Text(paging.Limit)),
        _ => _first,
    };

    private void Begin(Uri url)
    {
        if (_page == answer.Paging.MaxPages)
            throw new SourceSchemaException($"{UrlQuery.Shown(_first)} has more than {_page} pages (MaxPages). Raise " +
                "it if that is right.");
        if (!_urls.TryAdd(url.AbsoluteUri, ++_page))
            throw new SourceSchemaException($"Page {_page - 1} of {UrlQuery.Shown(_first)} names page " +
                $"{_urls[url.AbsoluteUri]} as the next one, so reading would never end. Ask the owner of the API.");
    }

    private Task<Uri?> Fetch(Uri url, CancellationToken cancel)
    {
        var shown = UrlQuery.Shown(_first);
        var what = answer.Paging is HttpPaging.None ? shown : $"Page {_page} of {shown}";
        var ask = new HttpAsk(HttpMethod.Get, url, what, Accept) { AcceptEncoding = ContentEncodings.Any };
        return connection.Ask(() => ask, reply => Take(reply, url), cancel);
    }

    private async Task<Uri?> Take(HttpReply reply, Uri url)
    {
        await StatusFaults.Demand(reply, connection.Credentials, clock, HttpStatusCode.OK);
        if (WebPages.IsOne(reply))
            throw WebPages.Fault(reply, Expected, await reply.Excerpt());
        // An array ends with its bracket.
        if (answer.Format == RowFormat.Lines && !reply.HasEnd)
            throw new SourceSchemaException($"{reply.What} does not say how long it is, and lines that were cut " +
                "would look complete. Ask for an array if the API has one, or fetch it as a file, whose report says " +
                "so: Answer = new HttpAnswer.File(\"rows.jsonl\").");
        var body = await reply.Whole(answer.MaxPageBytes, () => new SourceSchemaException(
            $"{reply.What} is longer than {answer.MaxPageBytes} bytes (MaxPageBytes). Ask for smaller pages, raise " +
            "it, or fetch it as a file: Answer = new HttpAnswer.File(\"rows.json\")."));
        connection.Tally.Bytes += body.Length;
        if (connection.Tally.Bytes > connection.Options.MaxBytes)
            throw new SourceSchemaException(string.Create(CultureInfo.InvariantCulture,
                $"{UrlQuery.Shown(_first)} has more than {connection.Options.MaxBytes:N0} bytes (MaxBytes). Raise it " +
                $"if that is right."));
        _validators ??= HttpValidators.Of(reply.Response);
        _last = reply.Url;
        var text = JsonBody.Text(reply, body, Expected);
        return answer.Format == RowFormat.Array ? TakeArray(reply, text, url) : TakeLines(reply, text, url);
    }

    private Uri? TakeArray(HttpReply reply, ReadOnlyMemory<byte> text, Uri url)
    {
        using var json = JsonBody.Parse(reply, text, reply.What);
        var root = json.RootElement;
        if (_at.Find(root) is not { ValueKind: JsonValueKind.Array } array)
            throw new SourceSchemaException(connection.Credentials.Masked(
                $"{reply.What} has no array {(answer.At == "" ? "as its answer" : $"at '{answer.At}'")}: " +
                $"{_at.Missing(root)}. Give At the place of the rows. It begins: " +
                $"'{reply.Excerpt(text.Span)}'"));
        var count = 0;
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in array.EnumerateArray())
            Add(reply, row, ++count, content);
        DemandOtherRows(reply, count, content);
        return Next(reply, root, url, count);
    }

    private Uri? TakeLines(HttpReply reply, ReadOnlyMemory<byte> text, Uri url)
    {
        var (count, line) = (0, 0);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (text.Length > 0)
        {
            var end = text.Span.IndexOf((byte)'\n');
            var one = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            line++;
            if (one.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            using var json = JsonBody.Parse(reply, one, $"Line {line} of {Lower(reply.What)}");
            Add(reply, json.RootElement, ++count, content);
        }
        DemandOtherRows(reply, count, content);
        return Next(reply, default, url, count);
    }

    private void Add(HttpReply reply, JsonElement row, int number, IncrementalHash content)
    {
        JsonBody.Compact(JsonMarshal.GetRawUtf8Value(row), _row);
        var text = _row.WrittenSpan;
        if (connection.Credentials.AreIn(text))
            throw new SourceSchemaException($"{Place()} holds the value of the secret " +
                $"'{connection.Credentials.SecretName}', which no artifact may hold. Send it in a header, or ask the " +
                "owner of the API to leave it out.");
        ReadOnlySpan<byte> id = default;
        if (_id is not null)
            id = _id.Find(row) is { ValueKind: not JsonValueKind.Null } found
                ? JsonMarshal.GetRawUtf8Value(found)
                : throw new SourceSchemaException(connection.Credentials.Masked(
                    $"{Place()} has no id at '{answer.Id}'. It begins: '{reply.Excerpt(text)}'. Give Id the place of " +
                    "what every row has, or leave it out."));
        file.Add(text, id, Place);
        content.AppendData(text);
        content.AppendData("\n"u8);
        _rows++;

        string Place() => $"Row {number} of {Lower(reply.What)}";
    }

    // An API that does not know the parameter for pages sends the first one for ever. Where answers name the next page,
    // their addresses tell.
    private void DemandOtherRows(HttpReply reply, int count, IncrementalHash content)
    {
        if (count == 0 || answer.Paging is not (HttpPaging.PageNumber or HttpPaging.Offset))
            return;
        var hash = content.GetHashAndReset();
        if (hash.AsSpan().SequenceEqual(_before))
            throw new SourceSchemaException($"{reply.What} has the same rows as page {_page - 1}, so reading might " +
                "never end. Check Answer.Paging against the API's documentation; if rows do repeat, ask for larger " +
                "pages.");
        _before = hash;
    }

    private Uri? Next(HttpReply reply, JsonElement root, Uri url, int count) => answer.Paging switch
    {
        HttpPaging.None => null,
        HttpPaging.LinkHeader => Absolute(reply, LinkHeaders.Next(reply.Response)),
        HttpPaging.NextUrl paging => Absolute(reply, Named(reply, root, paging.At)),
        HttpPaging.Cursor paging => Named(reply, root, paging.At) is { } cursor
            ? UrlQuery.With(_first, paging.Parameter, cursor) : null,
        HttpPaging.PageNumber paging => count == 0 ? null
            : UrlQuery.With(url, paging.Parameter, Text(_page + paging.First)),
        HttpPaging.Offset paging => count == 0 ? null : UrlQuery.With(url, paging.Parameter, Text(_rows)),
        _ => throw new InvalidOperationException($"BUG: unknown paging {answer.Paging.GetType().Name}."),
    };

    private string? Named(HttpReply reply, JsonElement root, string at)
    {
        if (new JsonPointer(at).Find(root) is not { } value)
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => null,
            JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
            JsonValueKind.String => null,
            JsonValueKind.Number => value.GetRawText(),
            var other => throw new SourceSchemaException($"{reply.What} names the next page at '{at}' by something " +
                $"of the kind {other}, expected a text. Check Answer.Paging against the API's documentation."),
        };
    }

    private static Uri? Absolute(HttpReply reply, string? next)
    {
        if (next is null)
            return null;
        if (!Uri.TryCreate(reply.Url, next, out var url) || url.Scheme is not ("http" or "https"))
            throw new SourceSchemaException($"{reply.What} names a next page that is no http or https URL. Ask the " +
                "owner of the API.");
        if (reply.Url.Scheme == "https" && url.Scheme == "http")
            throw new UnreachableSourceException($"{reply.What} names a next page by http, where anybody on the way " +
                "can change what is read. Ask the owner of the API for https addresses.");
        return url;
    }

    private static string Lower(string what) =>
        what.StartsWith("Page ", StringComparison.Ordinal) ? $"p{what[1..]}" : what;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
