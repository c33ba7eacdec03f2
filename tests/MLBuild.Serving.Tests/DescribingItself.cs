using System.Net;
using System.Text.Json.Nodes;

namespace MLBuild.Serving.Tests;

/// <summary>The OpenAPI document says of requests and answers what the server does with them.</summary>
public sealed class DescribingItself : IAsyncLifetime
{
    private const string Row = "components|schemas|Row";
    private const string Request = "paths|/predict|post|requestBody|content|application/json|schema";
    private const string Good = """{"distance": 3, "zone": 2, "pickup": "2019-02-01 08:00:00"}""";

    private readonly ModelPlace _place = new();
    private RunningServer? _server;
    private JsonNode? _document;

    private JsonSchema Schema => new(_document!);

    public async Task InitializeAsync()
    {
        _place.Deploy(RideModel.Trees);
        _server = await RunningServer.StartAsync(_place.Options with
        {
            Limits = _place.Options.Limits with { MaxRows = 100 },
        });
        _document = JsonNode.Parse(await _server.Client.GetStringAsync("/openapi.json"));
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task RequestsThatAreAnsweredAndTheirAnswersAreAsItSays()
    {
        string[] bodies =
        [
            .. Enumerable.Range(0, 50).Select(i => RideJson.Of(Ride.Number(i)).ToJsonString()),
            RideJson.Of(Enumerable.Range(0, 100).Select(Ride.Number)),
            """{"distance": 0.3e1, "zone": 2.0, "pickup": "2019-02-01T08:00:00.5", "flag": null, "meter": null}""",
        ];
        foreach (var body in bodies)
        {
            Assert.True(Schema.Accepts(Request, JsonNode.Parse(body)), body);
            var answer = await _server!.PredictAsync(body);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.True(
                Schema.Accepts(
                    "paths|/predict|post|responses|200|content|application/json|schema",
                    JsonNode.Parse(answer.Json.GetRawText())),
                answer.Json.GetRawText());
        }
    }

    [Theory]
    [InlineData("distance", "\"3\"")]
    [InlineData("distance", "null")]
    [InlineData("zone", "2.5")]
    [InlineData("zone", "2147483648")]
    [InlineData("zone", "true")]
    [InlineData("pickup", "\"yesterday\"")]
    [InlineData("pickup", "\"2019-02-01T08:00:00Z\"")]
    [InlineData("shared", "1")]
    [InlineData("flag", "7")]
    [InlineData("fare", "9.5")]
    [InlineData("x", "1")]
    public async Task RequestsThatAreRefusedAreNotAsItSays(string field, string value)
    {
        var row = JsonNode.Parse(Good)!;
        row[field] = JsonNode.Parse(value);

        Assert.False(Schema.Accepts(Row, row), row.ToJsonString());
        Assert.False(Schema.Accepts(Request, row), row.ToJsonString());
        var answer = await _server!.PredictAsync(row.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(Schema.Accepts(
            "paths|/predict|post|responses|400|content|application/problem+json|schema",
            JsonNode.Parse(answer.Json.GetRawText())));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("3")]
    public void OtherShapesAreNotAsItSays(string body) =>
        Assert.False(Schema.Accepts(Request, JsonNode.Parse(body)));

    [Theory]
    [InlineData("/model")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi.json")]
    public async Task WhatItSaysOfItselfIsAsItSays(string path) => Assert.True(Schema.Accepts(
        $"paths|{path}|get|responses|200|content|application/json|schema",
        JsonNode.Parse((await _server!.GetAsync(path)).Json.GetRawText())));

    [Theory]
    [InlineData("/model")]
    [InlineData("/metrics")]
    public async Task WhatIsNotForEverybodySaysSo(string path)
    {
        var get = _document!["paths"]![path]!["get"]!;
        Assert.Equal("""[{"ApiKey":[]},{}]""", get["security"]!.ToJsonString());
        Assert.Equal(
            """{"type":"apiKey","in":"header","name":"X-API-Key"}""",
            _document["components"]!["securitySchemes"]!["ApiKey"]!.ToJsonString());
        Assert.NotNull(get["responses"]!["401"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Forwarded", "for=203.0.113.7");
        using var response = await _server!.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.True(Schema.Accepts(
            $"paths|{path}|get|responses|403|content|application/problem+json|schema",
            JsonNode.Parse(await response.Content.ReadAsStringAsync())));
    }

    [Theory]
    [InlineData("post", "/predict")]
    [InlineData("get", "/model")]
    [InlineData("get", "/openapi.json")]
    [InlineData("get", "/health/ready")]
    public void WhatAServerThatStandsByRefusesSaysSo(string method, string path) =>
        Assert.NotNull(_document!["paths"]![path]![method]!["responses"]!["503"]);

    [Fact]
    public async Task EveryPathIsThere()
    {
        var paths = _document!["paths"]!.AsObject().Select(path => path.Key).ToArray();
        Assert.Equal(
            ["/predict", "/model", "/health/live", "/health/ready", "/metrics", "/openapi.json"], paths);
        foreach (var path in paths.Where(path => path != "/predict"))
        {
            using var response = await _server!.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
