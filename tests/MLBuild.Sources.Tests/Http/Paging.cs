using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Rows that come page by page.</summary>
public sealed class Paging : IDisposable
{
    private readonly FetchSpace _space = new();

    [Fact]
    public async Task OneAnswerIsKeptAsItIsWritten()
    {
        await using var server = ScriptedServer.Of(Answers.Json(
            """
            [ {"b": 1.50, "a": "x  \" y\\", "n": 1e3,
               "u": "\u00e9é"}, [ 1, 2 ],
              null ]
            """));
        var report = await _space.Fetch(Rows(server));
        Assert.Equal(
            """
            {"b":1.50,"a":"x  \" y\\","n":1e3,"u":"\u00e9é"}
            [1,2]
            null

            """, _space.Rows);
        Assert.Equal(new HttpRowsReport(Pages: 1, Kept: 3, Repeated: 0, Superseded: 0), report.Rows);
        Assert.Equal(["3 rows in 1 page, 81 B, 1 request"], _space.Log);
    }

    [Fact]
    public async Task ArrayInsideTheAnswer()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""{"a/b":[0,{"items":[{"i":1}]}],"n":2}"""));
        await _space.Fetch(Rows(server, new() { At = "/a~1b/1/items" }));
        Assert.Equal("{\"i\":1}\n", _space.Rows);
    }

    [Fact]
    public async Task Lines()
    {
        await using var server =
            ScriptedServer.Of(Answers.Text("{\"i\": 1}\r\n\n{\"i\": 2}", "application/x-ndjson"));
        await _space.Fetch(Rows(server, new() { Format = RowFormat.Lines }));
        Assert.Equal("{\"i\":1}\n{\"i\":2}\n", _space.Rows);
        Assert.Equal("application/x-ndjson, application/jsonl, application/json;q=0.9",
            server.Arrived[0].Header("Accept"));
    }

    [Fact]
    public async Task LinesThatEndWithTheConnectionAreRefused()
    {
        await using var server = ScriptedServer.Raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"i\":1}\n");
        Assert.Equal(
            $"{server.Url()} does not say how long it is, and lines that were cut would look complete. Ask for an " +
            "array if the API has one, or fetch it as a file, whose report says so: Answer = new " +
            "HttpAnswer.File(\"rows.jsonl\").",
            await _space.Failure<SourceSchemaException>(Rows(server, new() { Format = RowFormat.Lines })));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task CompressedLinesHaveALength(string encoding)
    {
        using var to = new MemoryStream();
        using (Stream lines = encoding == "br"
            ? new System.IO.Compression.BrotliStream(to, System.IO.Compression.CompressionMode.Compress)
            : new System.IO.Compression.GZipStream(to, System.IO.Compression.CompressionMode.Compress))
            lines.Write("{\"i\":1}\n"u8);
        var compressed = to.ToArray();
        await using var server = ScriptedServer.Of(async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            context.Response.ContentLength = compressed.Length;
            await context.Response.Body.WriteAsync(compressed);
        });
        await _space.Fetch(Rows(server, new() { Format = RowFormat.Lines }));
        Assert.Equal("{\"i\":1}\n", _space.Rows);
    }

    // Each page names the next one: their contents prove nothing.
    [Fact]
    public async Task PagesThatAreNamedMayBeEqual()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("""{"rows":["ok"],"next":"b"}"""), Answers.Json("""{"rows":["ok"],"next":"c"}"""),
            Answers.Json("""{"rows":["ok"],"next":null}"""));
        await _space.Fetch(Rows(server, new() { At = "/rows", Paging = new HttpPaging.Cursor("c", "/next") }));
        Assert.Equal("\"ok\"\n\"ok\"\n\"ok\"\n", _space.Rows);
    }

    [Fact]
    public async Task NumberedPagesThatAreNoNeighboursMayBeEqual()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("[1]"), Answers.Json("[2]"), Answers.Json("[1]"), Answers.Json("[]"));
        await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.PageNumber("p") }));
        Assert.Equal("1\n2\n1\n", _space.Rows);
    }

    [Fact]
    public async Task NextLinkInTheHeader()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.With(Answers.Json("[1]"),
                ("Link", "</first>; rel=first, </a,b?x=2>; title=\"a, b\"; rel=\"next\"")),
            Answers.With(Answers.Json("[2]"), ("Link", "<https://elsewhere.example/>; rel=\"prev\"")));
        var report = await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.LinkHeader() }));
        Assert.Equal("1\n2\n", _space.Rows);
        Assert.Equal(["GET /rows?q=1", "GET /a,b?x=2"], server.Asked);
        Assert.Equal((server.Url("/rows?q=1"), server.Url("/a,b")), (report.Url, report.FinalUrl));
    }

    [Fact]
    public async Task NextUrlInTheAnswer()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("""{"rows":[1],"paging":{"next":"rows?page=2"}}"""),
            Answers.Json("""{"rows":[2],"paging":{"next":null}}"""));
        await _space.Fetch(Rows(server, new() { At = "/rows", Paging = new HttpPaging.NextUrl("/paging/next") }));
        Assert.Equal("1\n2\n", _space.Rows);
        Assert.Equal(["GET /rows?q=1", "GET /rows?page=2"], server.Asked);
    }

    [Fact]
    public async Task NumberOfThePage()
    {
        await using var server =
            ScriptedServer.InTurn(Answers.Json("[1,2]"), Answers.Json("[3]"), Answers.Json("[]"));
        var report = await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.PageNumber("p") }));
        Assert.Equal("1\n2\n3\n", _space.Rows);
        Assert.Equal(["GET /rows?q=1&p=1", "GET /rows?q=1&p=2", "GET /rows?q=1&p=3"], server.Asked);
        Assert.Equal(3, report.Rows!.Pages);
    }

    [Fact]
    public async Task NumberOfThePageFromZero()
    {
        await using var server = ScriptedServer.InTurn(Answers.Json("[1,2]"), Answers.Json("[]"));
        await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.PageNumber("p", First: 0) }));
        Assert.Equal(["GET /rows?q=1&p=0", "GET /rows?q=1&p=1"], server.Asked);
    }

    [Fact]
    public async Task OffsetByRowsThatCame()
    {
        await using var server =
            ScriptedServer.InTurn(Answers.Json("[1,2]"), Answers.Json("[3]"), Answers.Json("[]"));
        await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.Offset("skip", "take", 100) }));
        Assert.Equal("1\n2\n3\n", _space.Rows);
        Assert.Equal(
            ["GET /rows?q=1&skip=0&take=100", "GET /rows?q=1&take=100&skip=2", "GET /rows?q=1&take=100&skip=3"],
            server.Asked);
    }

    [Fact]
    public async Task Cursor()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("""{"rows":[1],"next":"a+b/c="}"""), Answers.Json("""{"rows":[2],"next":7}"""),
            Answers.Json("""{"rows":[3],"next":""}"""));
        await _space.Fetch(Rows(server, new() { At = "/rows", Paging = new HttpPaging.Cursor("c", "/next") }));
        Assert.Equal("1\n2\n3\n", _space.Rows);
        Assert.Equal(["GET /rows?q=1", "GET /rows?q=1&c=a%2Bb%2Fc%3D", "GET /rows?q=1&c=7"], server.Asked);
    }

    [Fact]
    public async Task EndlessLinksAreNamed()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("""{"rows":[1],"next":"/rows?page=2"}"""),
            Answers.Json("""{"rows":[2],"next":"/rows?q=1"}"""));
        Assert.Equal(
            $"Page 2 of {server.Url()} names page 1 as the next one, so reading would never end. Ask the owner of " +
            "the API.",
            await _space.Failure<SourceSchemaException>(
                Rows(server, new() { At = "/rows", Paging = new HttpPaging.NextUrl("/next") })));
    }

    [Fact]
    public async Task EndlessPagesAreNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1,2]"));
        Assert.Equal(
            $"Page 2 of {server.Url()} has the same rows as page 1, so reading might never end. Check Answer.Paging " +
            "against the API's documentation; if rows do repeat, ask for larger pages.",
            await _space.Failure<SourceSchemaException>(
                Rows(server, new() { Paging = new HttpPaging.PageNumber("page") })));
    }

    [Fact]
    public async Task TooManyPagesAreAnError()
    {
        var next = 0;
        await using var server = ScriptedServer.Of(context => Answers.Json($"[{next++}]")(context));
        Assert.Equal(
            $"{server.Url()} has more than 3 pages (MaxPages). Raise it if that is right.",
            await _space.Failure<SourceSchemaException>(
                Rows(server, new() { Paging = new HttpPaging.PageNumber("page") { MaxPages = 3 } })));
        Assert.Equal(3, server.Asked.Length);
    }

    [Fact]
    public async Task PageThatIsTooLongIsAnError()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1,2,3,4,5]"));
        Assert.Equal(
            $"{server.Url()} is longer than 10 bytes (MaxPageBytes). Ask for smaller pages, raise it, or fetch it as " +
            "a file: Answer = new HttpAnswer.File(\"rows.json\").",
            await _space.Failure<SourceSchemaException>(Rows(server, new() { MaxPageBytes = 10 })));
    }

    [Fact]
    public async Task TooManyBytesAreAnError()
    {
        var next = 0;
        await using var server = ScriptedServer.Of(context => Answers.Json($"[{1000 + next++}]")(context));
        Assert.Equal(
            $"{server.Url()} has more than 15 bytes (MaxBytes). Raise it if that is right.",
            await _space.Failure<SourceSchemaException>(
                Rows(server, new() { Paging = new HttpPaging.PageNumber("page") }) with { MaxBytes = 15 }));
    }

    [Fact]
    public async Task PageThatBrokeOffIsAskedForAgain()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Json("[1]"), Answers.Broken("[2,2,2,2]"), Answers.Json("[2]"), Answers.Json("[]"));
        var report = await _space.Fetch(Rows(server, new() { Paging = new HttpPaging.PageNumber("p") }));
        Assert.Equal("1\n2\n", _space.Rows);
        Assert.Equal((4, 1), (report.Requests, report.Retries));
    }

    [Fact]
    public async Task CompressedPagesAreRead()
    {
        await using var server = ScriptedServer.Of(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new System.IO.Compression.GZipStream(
                context.Response.Body, System.IO.Compression.CompressionMode.Compress);
            await gzip.WriteAsync("[1,2]"u8.ToArray());
        });
        await _space.Fetch(Rows(server));
        Assert.Equal("1\n2\n", _space.Rows);
        Assert.Contains("gzip", server.Arrived[0].Header("Accept-Encoding"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameAnswersGiveTheSameBytes()
    {
        await using var server = ScriptedServer.Of(Answers.With(Answers.Json("[1]"), ("ETag", "\"1\"")));
        await _space.Fetch(Rows(server));
        var first = _space.Bytes(HttpFetchStage.Report);
        using var other = new FetchSpace();
        await other.Fetch(Rows(server));
        Assert.Equal(first, other.Bytes(HttpFetchStage.Report));
        Assert.Equal(
            $$"""
            {
              "url": "{{server.Url("/rows?q=1")}}",
              "finalUrl": "{{server.Url()}}",
              "requests": 1,
              "retries": 0,
              "waits": 0,
              "bytes": 3,
              "eTag": "\"1\"",
              "lastModified": null,
              "rows": {
                "pages": 1,
                "kept": 1,
                "repeated": 0,
                "superseded": 0
              }
            }

            """, _space.Text(HttpFetchStage.Report));
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions Rows(ScriptedServer server, HttpAnswer.Rows? rows = null) =>
        new() { Url = server.Url("/rows?q=1"), Answer = rows ?? new() };
}
