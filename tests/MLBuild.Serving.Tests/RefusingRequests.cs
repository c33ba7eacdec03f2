using System.Net;

namespace MLBuild.Serving.Tests;

/// <summary>A request that cannot be meant is refused by name.</summary>
public sealed class RefusingRequests : IAsyncLifetime
{
    private const string Good = """{"distance": 3, "zone": 2, "pickup": "2019-02-01 08:00:00"}""";

    private readonly ModelPlace _place = new();
    private RunningServer? _server;

    private RunningServer Server => _server!;

    public async Task InitializeAsync()
    {
        _place.Deploy(RideModel.Trees);
        _server = await RunningServer.StartAsync(_place.Options with
        {
            Limits = _place.Options.Limits with { MaxBodyBytes = 2000, MaxRows = 3 },
        });
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _place.Dispose();
    }

    [Theory]
    [InlineData("", "The body is not JSON at line 1, byte 1; expected a row as a JSON object, or an array of them.")]
    [InlineData("{\n\"distance\": NaN}",
        "The body is not JSON at line 2, byte 13; expected a row as a JSON object, or an array of them.")]
    [InlineData("\"3\"", "The body is \"3\", expected a row as a JSON object, or an array of them.")]
    [InlineData("null", "The body is null, expected a row as a JSON object, or an array of them.")]
    [InlineData("[]", "The request has no rows, expected at least one.")]
    [InlineData("{}",
        "Row 0, field 'distance' is absent, expected a number. Row 0, field 'zone' is absent, expected a whole number. "
        + "Row 0, field 'pickup' is absent, expected a time like \"2019-02-28 17:05:00\", without a zone.")]
    [InlineData($"[{Good}, 5, [{Good}]]", "Row 1 is 5, expected an object. Row 2 is an array, expected an object.")]
    public async Task WhatIsNoRow(string body, string detail)
    {
        var answer = await Server.PredictAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(detail, answer.Detail);
    }

    [Theory]
    [InlineData("distance", "\"far\"", "is \"far\", expected a number")]
    [InlineData("distance", "\"3\"", "is \"3\", expected a number")]
    [InlineData("distance", "\"NaN\"", "is \"NaN\", expected a number")]
    [InlineData("distance", "1e999", "is 1e999, expected a number")]
    [InlineData("distance", "null", "is null, expected a number")]
    [InlineData("distance", "{}", "is an object, expected a number")]
    [InlineData("zone", "2.5", "is 2.5, expected a whole number")]
    [InlineData("zone", "2147483648", "is 2147483648, expected a whole number")]
    [InlineData("zone", "true", "is true, expected a whole number")]
    [InlineData("meter", "9223372036854775808", "is 9223372036854775808, expected a whole number")]
    [InlineData("meter", "1e40", "is 1e40, expected a whole number")]
    [InlineData("shared", "1", "is 1, expected true or false")]
    [InlineData("shared", "\"true\"", "is \"true\", expected true or false")]
    [InlineData("flag", "7", "is 7, expected a text")]
    [InlineData("flag", "\"\\ud800\"", "is \"\\ud800\", expected a text")]
    [InlineData("pickup", "\"2019-02-29 08:00:00\"",
        "is \"2019-02-29 08:00:00\", expected a time like \"2019-02-28 17:05:00\", without a zone")]
    [InlineData("pickup", "\"2019-02-01T08:00:00Z\"",
        "is \"2019-02-01T08:00:00Z\", expected a time like \"2019-02-28 17:05:00\", without a zone")]
    [InlineData("pickup", "\"2019-02-01 08:00:00.0001\"",
        "is \"2019-02-01 08:00:00.0001\", expected a time like \"2019-02-28 17:05:00\", without a zone")]
    [InlineData("pickup", "1549008000", "is 1549008000, expected a time like \"2019-02-28 17:05:00\", without a zone")]
    [InlineData("flag", "[\"a text that is not shown\"]", "is an array, expected a text")]
    public async Task AValueOfAnotherType(string field, string value, string problem)
    {
        var row = Ride.Number(4);
        var json = RideJson.Of(row);
        json.Remove(field);

        var answer = await Server.PredictAsync($"[{Good}, {json.ToJsonString()[..^1]}, \"{field}\": {value}}}]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"Row 1, field '{field}' {problem}.", answer.Detail);
        var fault = Assert.Single(answer.Json.GetProperty("faults").EnumerateArray());
        Assert.Equal(1, fault.GetProperty("row").GetInt32());
        Assert.Equal(field, fault.GetProperty("field").GetString());
        Assert.Equal(problem, fault.GetProperty("problem").GetString());
    }

    [Theory]
    [InlineData("\"distanc\": 1",
        "Row 0, field 'distanc' is unknown, expected one of distance, zone, pickup, passengers, shared, flag, meter.")]
    [InlineData("\"Distance\": 1",
        "Row 0, field 'Distance' is unknown, expected one of distance, zone, pickup, passengers, shared, flag, meter.")]
    [InlineData("\"fare\": 9.5", "Row 0, field 'fare' is not known when a prediction is asked for, expected none.")]
    [InlineData("\"zone\": 2", "Row 0, field 'zone' is there twice, expected once.")]
    [InlineData("\"\\ud800\": 2", "Row 0 has a field whose name is not Unicode text.")]
    public async Task AFieldThatIsNotExpected(string field, string detail)
    {
        var answer = await Server.PredictAsync($"{Good[..^1]}, {field}}}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(detail, answer.Detail);
    }

    [Fact]
    public async Task LongTextsAreCut()
    {
        var answer = await Server.PredictAsync($$"""{{Good[..^1]}}, "passengers": "{{new string('x', 100)}}"}""");

        Assert.Equal($"Row 0, field 'passengers' is \"{new string('x', 39)}…, expected a whole number.", answer.Detail);
    }

    [Fact]
    public async Task AllFaultsTogetherUpToTen()
    {
        const string bad = """{"distance": "a", "zone": "b", "pickup": "c", "passengers": "d"}""";

        var answer = await Server.PredictAsync($"[{bad}, {bad}, {bad}]");

        Assert.StartsWith(
            "Row 0, field 'distance' is \"a\", expected a number. Row 0, field 'zone' is \"b\",", answer.Detail);
        Assert.EndsWith("Row 2, field 'zone' is \"b\", expected a whole number. And 2 more.", answer.Detail);
        Assert.Equal(10, answer.Json.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task ARowWithoutFeatures()
    {
        var answer = await Server.PredictAsync($"[{Good}, {Good.Replace("\"zone\": 2", "\"zone\": 99000000")}]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            "Row 1 has no features: Feature 'zone' has the code 99000000; codes beyond ±16777216 are not exact. "
            + "Map them to smaller ones.",
            answer.Detail);
    }

    [Fact]
    public async Task BytesThatAreNoText()
    {
        var answer = await Server.PredictAsync([.. "{\"flag\": \""u8, 0xff, .. "\"}"u8]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("The body is not UTF-8, expected a row as a JSON object, or an array of them.", answer.Detail);
    }

    [Fact]
    public async Task TooManyRows()
    {
        var answer = await Server.PredictAsync($"[{Good}, {Good}, {Good}, {Good}]");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("The request has 4 rows, expected at most 3. Send several requests.", answer.Detail);
    }

    [Fact]
    public async Task TooLongABody()
    {
        var answer = await Server.PredictAsync(Good + new string(' ', 2000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(
            "The body is longer than 2000 bytes, expected at most that. Send several requests.", answer.Detail);
    }

    [Fact]
    public async Task TheLongestBodyIsTaken()
    {
        var answer = await Server.PredictAsync(Good.PadRight(2000));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
