using System.IO.Compression;
using System.Net;
using System.Text;

namespace MLBuild.Serving.Tests;

/// <summary>Whatever a client sends, it gets a status code of its own fault, and the next one its answer.</summary>
public sealed class MeetingBadClients(MeetingBadClients.Fixture fixture)
    : IClassFixture<MeetingBadClients.Fixture>, IAsyncLifetime
{
    private const string Good = """{"distance": 3, "zone": 2, "pickup": "2019-02-01 08:00:00"}""";

    private RunningServer Server => fixture.Server;

    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "The body is not JSON at line 1, byte 1; " },
        { " \n ", 400, "The body is not JSON at line 2, byte 2; " },
        { Good[..^1], 400, "The body is not JSON at line 1, byte " },
        { $"[{Good},", 400, "The body is not JSON at line 1, byte " },
        { $"[{Good},]", 400, "The body is not JSON at line 1, byte " },
        { $"{Good}{Good}", 400, "The body is not JSON at line 1, byte " },
        { $"{Good} // a ride", 400, "The body is not JSON at line 1, byte " },
        { Good.Replace('"', '\''), 400, "The body is not JSON at line 1, byte 2; " },
        { Good.Replace(" 3", " NaN"), 400, "The body is not JSON at line 1, byte 14; " },
        { Good.Replace(" 3", " Infinity"), 400, "The body is not JSON at line 1, byte 14; " },
        { Good.Replace(" 3", " -Infinity"), 400, "The body is not JSON at line 1, byte 15; " },
        { Good.Replace(" 3", " 03"), 400, "The body is not JSON at line 1, byte 15; " },
        { Good.Replace(" 3", " 1e999"), 400, "Row 0, field 'distance' is 1e999, expected a number." },
        {
            Good.Replace(" 3", $" 1{new string('0', 400)}"), 400,
            $"Row 0, field 'distance' is 1{new string('0', 39)}…, expected a number."
        },
        { Good.Replace(" 2", $" {new string('9', 400)}"), 400, $"Row 0, field 'zone' is {new string('9', 40)}…" },
        { Good.Replace(" 3", " \"3\""), 400, "Row 0, field 'distance' is \"3\", expected a number." },
        { new string('[', 100_000), 400, "The body is not JSON at line 1, byte 100001; " },
        {
            new string('[', 100_000) + new string(']', 100_000), 400, "Row 0 is an array, expected an object."
        },
        {
            Good.Replace(" 3", $" {Nested(50_000)}"), 400, "Row 0, field 'distance' is an object, expected a number."
        },
        { $"{Good[..^1]}, \"x\": {Nested(50_000)}}}", 400, "Row 0, field 'x' is unknown, expected one of " },
        { $"{Good[..^1]}, \"zone\": 2}}", 400, "Row 0, field 'zone' is there twice, expected once." },
        { $"{Good[..^1]}, \"z\\u006fne\": 2}}", 400, "Row 0, field 'zone' is there twice, expected once." },
        { $"{Good[..^1]}, \"fare\": 2}}", 400, "Row 0, field 'fare' is not known when a prediction is asked for" },
        { $"{Good[..^1]}, \"\": 2}}", 400, "Row 0, field '' is unknown, expected one of " },
        { "\uFEFF" + Good, 400, "The body begins with a byte order mark, " },
        { $"[{string.Join(',', Enumerable.Repeat("1", 1001))}]", 413, "The request has 1001 rows, expected at most " },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        var ride = Ride.Number(4);
        var answer = await Server.PredictAsync(RideJson.Of(ride).ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([ride.ScoreBy(RideModel.Trees.Model)], answer.Predictions);
        Assert.Equal(
            """{"status":"healthy","version":1,"fault":null}""",
            (await Server.GetAsync("/health/ready")).Json.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task ABodyThatIsNoRequest(string body, int status, string detail)
    {
        var answer = await Server.PredictAsync(body);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.StartsWith(detail, answer.Detail);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public async Task AnotherEncoding(string encoding) => Assert.Equal(
        HttpStatusCode.BadRequest, (await Server.PredictAsync(Encoding.GetEncoding(encoding).GetBytes(Good))).Status);

    [Theory]
    [InlineData(null, null, "The request does not say what its body is, ")]
    [InlineData("text/plain", null, "The body is said to be text/plain, ")]
    [InlineData("application/x-www-form-urlencoded", null, "The body is said to be application/x-www-form-url")]
    [InlineData("application/json; charset=iso-8859-1", null, "The body is said to be application/json; charset=iso-8")]
    [InlineData("nonsense", null, "The body is said to be nonsense, ")]
    [InlineData("application/json", "gzip", "The body is encoded as gzip, ")]
    public async Task WhatIsNoJson(string? mediaType, string? encoding, string detail)
    {
        using var content = new ByteArrayContent(encoding is null ? Encoding.UTF8.GetBytes(Good) : Zipped(Good));
        if (mediaType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await Server.Client.PostAsync("/predict", content);
        var answer = await Answer.OfAsync(response);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.StartsWith(detail, answer.Detail);
    }

    [Theory]
    [InlineData("Content-Length: 104857600\r\n\r\n[", 413)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n[1, 2\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("Content-Length: many\r\n\r\n", 400)]
    public async Task ABodyOfAnotherLength(string rest, int status)
    {
        using var connection = await RawConnection.OpenAsync(Server.Client.BaseAddress!);
        await connection.SendAsync(
            $"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n{rest}");

        Assert.Equal(status, (await connection.AnswerAsync()).Status);
    }

    // Kestrel answers nobody who has hung up in the middle of a body, also not one that still listens.
    [Fact]
    public async Task ABodyThatIsCutOffHasNoAnswerAndCostsNobodyElseOne()
    {
        using var connection = await RawConnection.OpenAsync(Server.Client.BaseAddress!);
        await connection.SendAsync(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
            + "{\"distance\": ");
        connection.EndSending();

        var end = await Assert.ThrowsAnyAsync<Exception>(connection.AnswerAsync);
        Assert.IsNotAssignableFrom<OperationCanceledException>(end);
    }

    [Fact]
    public async Task AHundredMegabytesInChunks()
    {
        using var connection = await RawConnection.OpenAsync(Server.Client.BaseAddress!);
        await connection.SendAsync(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + $"6400000\r\n{new string(' ', (1 << 20) + 1)}");

        Assert.Equal(413, (await connection.AnswerAsync()).Status);
    }

    [Fact]
    public async Task ABodyThatNeverEnds()
    {
        using var connection = await RawConnection.OpenAsync(Server.Client.BaseAddress!);
        await connection.SendAsync(
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n");
        var answer = connection.AnswerAsync();
        while (!answer.IsCompleted)
        {
            Server.Pass(TimeSpan.FromSeconds(11));
            await Task.WhenAny(answer, Task.Delay(5));
        }

        var (status, text) = await answer;
        Assert.Equal(408, status);
        Assert.Contains("The body did not come within 10 s. Send it faster, or less.", text);
    }

    [Fact]
    public async Task HeadersThatNeverEnd()
    {
        await using var server = await RunningServer.StartAsync(fixture.Place.Options with
        {
            Limits = fixture.Place.Options.Limits with { RequestTimeout = TimeSpan.FromSeconds(0.1) },
        });
        using var connection = await RawConnection.OpenAsync(server.Client.BaseAddress!);
        await connection.SendAsync("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Ty");

        Assert.Equal(408, (await connection.AnswerAsync()).Status);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404, "There is no /nothing here; what there is says GET /openapi.json.")]
    [InlineData("GET", "/predict", 405, "/predict does not take GET, expected POST.")]
    [InlineData("DELETE", "/model", 405, "/model does not take DELETE, expected GET.")]
    public async Task WhatThereIsNot(string method, string path, int status, string detail)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await Server.Client.SendAsync(request);
        var answer = await Answer.OfAsync(response);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(detail, answer.Detail);
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    /// <summary>One server for all of them.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private RunningServer? _server;

        internal ModelPlace Place { get; } = new();

        internal RunningServer Server => _server!;

        public async Task InitializeAsync()
        {
            Place.Deploy(RideModel.Trees);
            _server = await RunningServer.StartAsync(Place.Options);
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            Place.Dispose();
        }
    }
}
