using System.Text;
using Microsoft.AspNetCore.Http;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Answers that are not what was declared, and what is said of them.</summary>
public sealed class RejectingAnswers : IDisposable
{
    private readonly FetchSpace _space = new();

    [Fact]
    public async Task NothingThere()
    {
        await using var server = ScriptedServer.Of(Answers.Status(404));
        Assert.Equal(
            $"{server.Url()} answered 404 Not Found: there is nothing. Check Url; some servers say so too to who has " +
            "no right to see it.",
            await _space.Failure<LostSourceDataException>(Of(server)));
    }

    [Fact]
    public async Task RemovedForEver()
    {
        await using var server = ScriptedServer.Of(Answers.Status(410));
        Assert.Equal(
            $"{server.Url()} answered 410 Gone: it was there and was removed. Ask its owner where it is, and change " +
            "Url.",
            await _space.Failure<LostSourceDataException>(Of(server)));
    }

    [Fact]
    public async Task RequestThatIsNotUnderstood()
    {
        await using var server = ScriptedServer.Of(context =>
        {
            context.Response.StatusCode = 422;
            return Answers.Json("""{"error": "limit must be at most 500"}""")(context);
        });
        Assert.Equal(
            $$"""{{server.Url()}} answered 422 Unprocessable Entity, expected 200: '{"error": "limit must be at """ +
            "most 500\"}'. Check Url, Headers and Answer against the server's documentation.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task ServerThatCannot()
    {
        await using var server = ScriptedServer.Of(Answers.Status(501));
        Assert.Equal(
            $"{server.Url()} answered 501 Not Implemented, which does not pass by waiting. Ask the owner of the " +
            "server.",
            await _space.Failure<UnreachableSourceException>(Of(server)));
    }

    [Fact]
    public async Task NoContent()
    {
        await using var server = ScriptedServer.Of(Answers.Status(204));
        Assert.Equal(
            $"{server.Url()} answered 204 No Content, expected 200. Check Url, Headers and Answer against the " +
            "server's documentation.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task LoginPage()
    {
        await using var server = ScriptedServer.Of(
            Answers.Text($"<!DOCTYPE html>\n<html>{new string('x', 500)}", "text/html; charset=utf-8"));
        Assert.Equal(
            $"{server.Url()} is a web page (text/html), expected JSON. It begins: '<!DOCTYPE html> <html>" +
            $"{new string('x', 78)}...'. Servers show a login or an error so: check Url and Authentication, and " +
            "whether a proxy is between.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task WebPageThatSaysItIsJson()
    {
        await using var server = ScriptedServer.Of(Answers.Json("\n<html>"));
        Assert.Equal(
            $"{server.Url()} is a web page (application/json), expected JSON. It begins: '<html>'. Servers show a " +
            "login or an error so: check Url and Authentication, and whether a proxy is between.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task CutJson()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""[{"id":1},{"id":2,"na"""));
        Assert.Equal(
            $$"""{{server.Url()}} is JSON that is cut off after 21 bytes. It ends: '[{"id":1},{"id":2,"na'. """ +
            "Run the same command again; if that does not help, ask the owner of the API.",
            await _space.Failure<SourceSchemaException>(Of(server)));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task NoJson()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.With(Answers.Json("[1]"), ("Link", "</2>; rel=next")), Answers.Json("id,name\n1,ann\n"));
        Assert.Equal(
            $"Page 2 of {server.Url()} is no JSON from line 1, byte 1 on. It begins: 'id,name 1,ann'. Check Url, " +
            "Accept and Format against the API's documentation.",
            await _space.Failure<SourceSchemaException>(
                Of(server, new() { Paging = new HttpPaging.LinkHeader() })));
    }

    [Fact]
    public async Task NoJsonInALine()
    {
        await using var server = ScriptedServer.Of(Answers.Text("{}\n{\"a\":}\n", "application/x-ndjson"));
        Assert.Equal(
            $"Line 2 of {server.Url()} is no JSON from line 1, byte 6 on. It begins: '{{\"a\":}}'. Check Url, Accept " +
            "and Format against the API's documentation.",
            await _space.Failure<SourceSchemaException>(Of(server, new() { Format = RowFormat.Lines })));
    }

    [Fact]
    public async Task NothingAtAll()
    {
        await using var server = ScriptedServer.Of(Answers.Json(" "));
        Assert.Equal($"{server.Url()} is empty, expected JSON. Ask the owner of the API.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task AnotherEncoding()
    {
        await using var server = ScriptedServer.Of(async context =>
        {
            context.Response.ContentType = "application/json; charset=iso-8859-1";
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("[\"café\"]"));
        });
        Assert.Equal(
            $"{server.Url()} is not UTF-8, the only encoding of JSON, but iso-8859-1. Ask the owner of the API, or " +
            "fetch it as a file: Answer = new HttpAnswer.File(\"answer.json\").",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task AnotherEncodingThatIsNotSaid()
    {
        await using var server = ScriptedServer.Of(async context =>
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("[\"café\"]")));
        Assert.Equal(
            $"{server.Url()} is not UTF-8, the only encoding of JSON. Ask the owner of the API, or fetch it as a " +
            "file: Answer = new HttpAnswer.File(\"answer.json\").",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task AnotherEncodingOfTheSameBytesIsRead()
    {
        await using var server = ScriptedServer.Of(Answers.Text("\uFEFF[1]", "application/json; charset=utf-8"));
        await _space.Fetch(Of(server));
        Assert.Equal("1\n", _space.Rows);
        await using var latin = ScriptedServer.Of(Answers.Text("[2]", "application/json; charset=iso-8859-1"));
        await _space.Fetch(Of(latin));
        Assert.Equal("2\n", _space.Rows);
    }

    [Theory]
    [InlineData("", """{"error":"no such table","code":7}""",
        "as its answer: the answer is an object with 'error', 'code'")]
    [InlineData("/data/items", """{"data":{"rows":[1]}}""",
        "at '/data/items': there is nothing at '/data/items'; '/data' is an object with 'rows'")]
    [InlineData("/data/items", """{"error":"x"}""",
        "at '/data/items': there is nothing at '/data'; the answer is an object with 'error'")]
    [InlineData("/data", """{"data":{}}""", "at '/data': '/data' is an empty object")]
    [InlineData("/data", """{"data":null}""", "at '/data': '/data' is null")]
    [InlineData("/3", """["a"]""", "at '/3': there is nothing at '/3'; the answer is an array")]
    [InlineData("", "\"ok\"", "as its answer: the answer is a text")]
    public async Task RowsSomewhereElse(string at, string json, string because)
    {
        await using var server = ScriptedServer.Of(Answers.Json(json));
        Assert.Equal(
            $"{server.Url()} has no array {because}. Give At the place of the rows. It begins: '{json}'",
            await _space.Failure<SourceSchemaException>(Of(server, new() { At = at })));
    }

    [Fact]
    public async Task NextPageThatIsNoText()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""{"rows":[1],"next":{"page":2}}"""));
        Assert.Equal(
            $"{server.Url("/rows").Insert(0, "Page 1 of ")} names the next page at '/next' by something of the kind " +
            "Object, expected a text. Check Answer.Paging against the API's documentation.",
            await _space.Failure<SourceSchemaException>(
                Of(server, new() { At = "/rows", Paging = new HttpPaging.Cursor("c", "/next") })));
    }

    [Fact]
    public async Task NextPageThatIsNoAddress()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""{"rows":[1],"next":"file:///etc/passwd"}"""));
        Assert.Equal(
            $"Page 1 of {server.Url()} names a next page that is no http or https URL. Ask the owner of the API.",
            await _space.Failure<SourceSchemaException>(
                Of(server, new() { At = "/rows", Paging = new HttpPaging.NextUrl("/next") })));
    }

    [Fact]
    public async Task NextPageWithoutTls()
    {
        using var certificates = new TestCertificates();
        await using var server = ScriptedServer.Of(
            Answers.With(Answers.Json("[1]"), ("Link", "<http://localhost/2>; rel=next")), certificates.Good);
        var url = $"https://localhost:{server.Port}/rows";
        Assert.Equal(
            $"Page 1 of {url} names a next page by http, where anybody on the way can change what is read. Ask the " +
            "owner of the API for https addresses.",
            await _space.Failure<UnreachableSourceException>(
                Of(server, new() { Paging = new HttpPaging.LinkHeader() }) with
                {
                    Url = url,
                    TrustedCertificates = certificates.AuthorityFile,
                }));
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions Of(ScriptedServer server, HttpAnswer.Rows? rows = null) =>
        new() { Url = server.Url(), Answer = rows ?? new() };
}
