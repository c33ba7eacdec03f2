using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Files that are fetched as they are, whatever happens on the way.</summary>
public sealed class Downloading : IDisposable
{
    private const string Tag = "\"v1\"";

    private readonly FetchSpace _space = new();
    private readonly byte[] _bytes = RandomBytes(seed: 1);

    [Fact]
    public async Task BytesAreKeptAsTheyAre()
    {
        await using var server = ScriptedServer.Of(Answers.With(Answers.Resumable(_bytes, Tag),
            ("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Equal((Tag, "2026-03-01T12:00:00Z", _bytes.Length),
            (report.ETag, report.LastModified, report.Bytes));
        Assert.Equal(("identity", "*/*"),
            (server.Arrived[0].Header("Accept-Encoding"), server.Arrived[0].Header("Accept")));
    }

    [Fact]
    public async Task BrokenConnectionIsResumed()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("ETag", Tag)), Answers.Resumable(_bytes, Tag));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Equal(new HttpFileReport(Resumed: 1, Restarted: 0, FileCheck.Length), report.File);
        Assert.Equal(Tag, server.Arrived[1].Header("If-Range"));
        Assert.Matches("^bytes=[0-9]+-$", server.Arrived[1].Header("Range"));
    }

    [Fact]
    public async Task ChangedFileIsBegunAnew()
    {
        var changed = RandomBytes(seed: 2);
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("ETag", Tag)), Answers.Resumable(changed, "\"v2\""));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(changed, _space.Bytes("trips.bin"));
        Assert.Equal("\"v2\"", report.ETag);
        Assert.Equal(new HttpFileReport(Resumed: 0, Restarted: 1, FileCheck.Length), report.File);
        Assert.Contains($"{server.Url()} begins anew: its file changed, or the server cannot go on in it", _space.Log);
    }

    [Fact]
    public async Task PartOfAChangedFileIsNotTaken()
    {
        var changed = RandomBytes(seed: 2);
        // It does not look at If-Range.
        await using var server = ScriptedServer.InTurn(Answers.Broken(_bytes, 100_000, ("ETag", Tag)),
            Part(changed, "\"v2\""), Answers.Resumable(changed, "\"v2\""));
        await _space.Fetch(Of(server));
        Assert.Equal(changed, _space.Bytes("trips.bin"));
        Assert.Null(server.Arrived[2].Header("Range"));
    }

    [Fact]
    public async Task ServerThatIgnoresRangesBeginsAnew()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("ETag", Tag)), Whole(_bytes, ("ETag", Tag)));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Equal(1, report.File!.Restarted);
    }

    [Fact]
    public async Task FileWithoutAStrongTagIsBegunAnew()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("ETag", "W/\"v1\"")), Whole(_bytes, ("ETag", "W/\"v1\"")));
        await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Null(server.Arrived[1].Header("Range"));
    }

    [Fact]
    public async Task TimeOfTheLastChangeResumesToo()
    {
        const string Modified = "Sun, 01 Mar 2026 12:00:00 GMT";
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("Last-Modified", Modified), ("Date", "Sun, 01 Mar 2026 12:00:01 GMT")),
            Part(_bytes, tag: null, Modified));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Equal((1, Modified), (report.File!.Resumed, server.Arrived[1].Header("If-Range")));
    }

    // There may be another version of the same second.
    [Fact]
    public async Task FileThatWasJustChangedIsBegunAnew()
    {
        const string Modified = "Sun, 01 Mar 2026 12:00:00 GMT";
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("Last-Modified", Modified), ("Date", Modified)),
            Whole(_bytes, ("Last-Modified", Modified)));
        await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Null(server.Arrived[1].Header("Range"));
    }

    [Fact]
    public async Task ManyBreaksDoNotCountWhileTheFileGrows()
    {
        var large = RandomBytes(seed: 3, count: 6_000_000);
        await using var server = ScriptedServer.Of(Breaking(large, 1_500_000));
        var report = await _space.Fetch(Of(server) with { MaxAttempts = 2 });
        Assert.Equal(large, _space.Bytes("trips.bin"));
        Assert.Equal(new HttpFileReport(Resumed: 3, Restarted: 0, FileCheck.Length), report.File);
    }

    [Fact]
    public async Task AttemptThatBroughtMuchDoesNotCountAsTheOnlyOne()
    {
        var large = RandomBytes(seed: 3, count: 3_500_000);
        await using var server = ScriptedServer.Of(Breaking(large, 1_500_000));
        await _space.Fetch(Of(server) with { MaxAttempts = 1 });
        Assert.Equal(large, _space.Bytes("trips.bin"));
        Assert.Equal($"it brought much, so it does not count, and the next begins in 0.00 s: {server.Url()} broke " +
            "off before its answer was complete.", _space.Log[0]);
    }

    [Fact]
    public async Task OnlyAttemptsThatBroughtLittleCount()
    {
        var large = RandomBytes(seed: 3, count: 3_500_000);
        await using var server = ScriptedServer.InTurn(Breaking(large, 1_500_000), Breaking(large, 1000),
            Breaking(large, 2_500_000));
        await _space.Fetch(Of(server) with { MaxAttempts = 2 });
        Assert.Equal(large, _space.Bytes("trips.bin"));
    }

    [Fact]
    public async Task ServerThatAlwaysBreaksIsGivenUp()
    {
        await using var server = ScriptedServer.Of(Answers.Broken(_bytes, 1000));
        Assert.Equal(
            $"{server.Url()} broke off before its answer was complete. It was tried 5 times. Run the same command " +
            "later.",
            await _space.Failure<UnreachableSourceException>(Of(server)));
        Assert.Equal(5, server.Asked.Length);
    }

    [Fact]
    public async Task LengthThatIsTooLongIsABreak()
    {
        await using var server = ScriptedServer.Raw(
            "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 8\r\n\r\nabcde",
            "HTTP/1.1 206 Partial\r\nETag: \"1\"\r\nContent-Range: bytes 5-7/8\r\nContent-Length: 3\r\n\r\nfgh");
        await _space.Fetch(Of(server));
        Assert.Equal("abcdefgh", _space.Text("trips.bin"));
    }

    [Fact]
    public async Task MissingEndOfChunksIsABreak()
    {
        await using var server = ScriptedServer.Raw(
            "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
            "HTTP/1.1 416 No\r\nETag: \"1\"\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n");
        var report = await _space.Fetch(Of(server));
        Assert.Equal("abcde", _space.Text("trips.bin"));
        Assert.Equal(FileCheck.End, report.File!.CheckedBy);
    }

    [Fact]
    public async Task ChunksWithoutALength()
    {
        await using var server = ScriptedServer.Raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");
        var report = await _space.Fetch(Of(server));
        Assert.Equal(("abcde", FileCheck.End), (_space.Text("trips.bin"), report.File!.CheckedBy));
    }

    [Fact]
    public async Task AnswerThatEndsWithTheConnectionIsSaidToBeUnchecked()
    {
        await using var server = ScriptedServer.Raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde");
        var report = await _space.Fetch(Of(server));
        Assert.Equal(("abcde", FileCheck.Nothing), (_space.Text("trips.bin"), report.File!.CheckedBy));
        Assert.Equal($"{server.Url()} does not say how long it is: a cut would not be noticed", _space.Log[0]);
    }

    [Theory]
    [InlineData("Content-Digest", "SHA256", "sha-256=:{0}:")]
    [InlineData("Repr-Digest", "SHA512", "md5=:AAAA:, sha-512=:{0}:")]
    [InlineData("Content-MD5", "MD5", "{0}")]
    public async Task HashIsChecked(string header, string algorithm, string format)
    {
        var value = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, format, Hash(algorithm, _bytes));
        await using var server = ScriptedServer.Of(Whole(_bytes, (header, value)));
        Assert.Equal(FileCheck.Digest, (await _space.Fetch(Of(server))).File!.CheckedBy);

        using var other = new FetchSpace();
        await using var damaging = ScriptedServer.Of(Whole(RandomBytes(seed: 2), (header, value)));
        Assert.Equal(
            $"{damaging.Url()} arrived damaged: its bytes do not have the {header} that the server sent. It was " +
            "tried 2 times. Ask the owner of the server; a proxy may change what it passes on.",
            await other.Failure<UnreachableSourceException>(Of(damaging) with { MaxAttempts = 2 }));
    }

    [Fact]
    public async Task HashOfTheWholeIsCheckedAfterABreak()
    {
        var digest = ("Content-Digest", $"sha-256=:{Hash("SHA256", _bytes)}:");
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(_bytes, 100_000, ("ETag", Tag), digest), Answers.Resumable(_bytes, Tag));
        Assert.Equal(new HttpFileReport(Resumed: 1, Restarted: 0, FileCheck.Digest),
            (await _space.Fetch(Of(server))).File);
    }

    [Fact]
    public async Task CompressedFileIsDecompressed()
    {
        var compressed = Gzip(_bytes);
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(compressed, 100_000, ("ETag", Tag), ("Content-Encoding", "gzip")),
            Answers.With(Answers.Resumable(compressed, Tag), ("Content-Encoding", "gzip")));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(_bytes, _space.Bytes("trips.bin"));
        Assert.Equal((1, compressed.Length), (report.File!.Resumed, report.Bytes));
    }

    [Fact]
    public async Task GzipFileStaysOne()
    {
        var compressed = Gzip(_bytes);
        await using var server = ScriptedServer.Of(Answers.Resumable(compressed, Tag));
        await _space.Fetch(Of(server));
        Assert.Equal(compressed, _space.Bytes("trips.bin"));
    }

    [Fact]
    public async Task DamagedCompressionIsNamed()
    {
        await using var server =
            ScriptedServer.Of(Whole(Encoding.UTF8.GetBytes("no gzip at all"), ("Content-Encoding", "gzip")));
        Assert.Equal(
            $"{server.Url()} is damaged: it cannot be decompressed (gzip). Ask the owner of the server.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task UnknownCompressionIsNamed()
    {
        await using var server = ScriptedServer.Of(Whole(_bytes, ("Content-Encoding", "zstd")));
        Assert.Equal(
            $"{server.Url()} is compressed as 'zstd', which was not asked for, expected gzip, br or deflate. " +
            "Ask the owner of the server.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task FileThatIsTooLongIsAnError()
    {
        await using var server = ScriptedServer.Of(Whole(_bytes));
        Assert.Equal(
            $"{server.Url()} is longer than MaxBytes, 1,000. Raise it if that is right.",
            await _space.Failure<SourceSchemaException>(Of(server) with { MaxBytes = 1000 }));
    }

    [Fact]
    public async Task WebPageInsteadOfAFileIsNamed()
    {
        await using var server =
            ScriptedServer.Of(Answers.Text("<html>\n<title>Please  log in</title>", "text/html; charset=utf-8"));
        Assert.Equal(
            $"{server.Url()} is a web page (text/html), expected the file 'trips.bin'. It begins: '<html> " +
            "<title>Please log in</title>'. Servers show a login or an error so: check Url and Authentication, and " +
            "whether a proxy is between.",
            await _space.Failure<SourceSchemaException>(Of(server)));
    }

    [Fact]
    public async Task EmptyFile()
    {
        await using var server = ScriptedServer.Of(Whole([]));
        await _space.Fetch(Of(server));
        Assert.Empty(_space.Bytes("trips.bin"));
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions Of(ScriptedServer server) => new()
    {
        Url = server.Url(),
        Answer = new HttpAnswer.File("trips.bin"),
        FirstDelay = TimeSpan.Zero,
    };

    private static RequestDelegate Whole(byte[] bytes, params (string Name, string Value)[] headers) =>
        Answers.With(async context =>
        {
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
        }, headers);

    // Sends the part that is asked for, whatever version it is asked of.
    private static RequestDelegate Part(byte[] bytes, string? tag, string? modified = null) => async context =>
    {
        var from = From(context);
        context.Response.StatusCode = 206;
        context.Response.Headers.ETag = tag;
        context.Response.Headers.LastModified = modified;
        context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        await context.Response.Body.WriteAsync(bytes.AsMemory(from));
    };

    // Sends no more than so many bytes of what is asked for, then breaks.
    private static RequestDelegate Breaking(byte[] bytes, int most) => context =>
    {
        var from = From(context);
        var rest = bytes.AsMemory(from);
        return Answers.Cut(from > 0 ? "206 Partial Content" : "200 OK", rest[..Math.Min(most, rest.Length)],
            ("ETag", Tag), ("Content-Length", $"{rest.Length}"),
            ("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}"))(context);
    };

    private static int From(HttpContext context) =>
        context.Request.Headers.Range.ToString() is { Length: > 0 } range
            ? int.Parse(range[6..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionMode.Compress))
            gzip.Write(bytes);
        return to.ToArray();
    }

    private static string Hash(string algorithm, byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(new(algorithm));
        hash.AppendData(bytes);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static byte[] RandomBytes(int seed, int count = 300_000)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
