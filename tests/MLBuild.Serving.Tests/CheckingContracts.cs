using System.Net;
using MLBuild.Learning.Contracts;

namespace MLBuild.Serving.Tests;

/// <summary>A row that would not be let into training is not scored either.</summary>
public sealed class CheckingContracts : IAsyncLifetime
{
    private static readonly Contract<Ride> Rides = Contract.For<Ride>()
        .Rows(min: 1_000_000)
        .Row("no distance", 0.1, (ride, _) => ride.Distance == 0, ride => ride.Distance)
        .Row("longer than a day", 0, (ride, _) => ride.DropoffAt - ride.PickupAt > TimeSpan.FromDays(1),
            ride => ride.PickupAt, ride => ride.DropoffAt)
        .Row("shared by nobody", 0, (ride, _) => ride is { Shared: true, Passengers: 0 },
            ride => ride.Shared, ride => ride.Passengers)
        .Warning(warn => warn.Row("far away", 0, (ride, _) => ride.Distance > 50, ride => ride.Distance))
        .Monotone(ride => ride.PickupAt)
        .Column(ride => ride.Passengers, passengers => passengers.Range(0, 9, tolerance: 0.5).Mean(1, 2))
        .Column(ride => ride.Zone, zone => zone.Categories(0, 1, 2, 3, 4))
        .Column(ride => ride.Meter, meter => meter.NullRatio(max: 0))
        .Column(ride => ride.Flag, flag => flag.Categories("Y", "N"))
        .Column(ride => ride.Fare, fare => fare.Range(0, 100));

    private readonly ModelPlace _place = new();
    private RunningServer? _server;

    public async Task InitializeAsync()
    {
        _place.Deploy(RideModel.Trees);
        _server = await RunningServer.StartAsync(
            _place.Options, Ride.Definition,
            new(["distance", "zone", "pickup", "passengers", "shared", "flag", "meter"]) { Contract = Rides });
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _place.Dispose();
    }

    [Theory]
    [InlineData(0, 2, 1, 5, "distance", "no distance",
        "Row 1, field 'distance' is 0, which breaks the contract: no distance.")]
    [InlineData(3, 7, 1, 5, "zone", "one of 0, 1, 2, 3, 4",
        "Row 1, field 'zone' is 7, which breaks the contract: one of 0, 1, 2, 3, 4.")]
    [InlineData(3, 2, 10, 5, "passengers", "passengers outside 0..9",
        "Row 1, field 'passengers' is 10, which breaks the contract: passengers outside 0..9.")]
    [InlineData(3, 2, 0, 5, "shared, passengers", "shared by nobody",
        "Row 1, field 'shared, passengers' is true, 0, which breaks the contract: shared by nobody.")]
    [InlineData(3, 2, 1, null, "meter", "never absent",
        "Row 1, field 'meter' is (none), which breaks the contract: never absent.")]
    public async Task ARowThatWouldBeSetAside(
        double distance, int zone, int passengers, int? meter, string field, string rule, string detail)
    {
        var answer = await _server!.PredictAsync($"[{Row(3, 2, 1, 5)}, {Row(distance, zone, passengers, meter)}]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(detail, answer.Detail);
        var fault = Assert.Single(answer.Json.GetProperty("faults").EnumerateArray());
        Assert.Equal((field, rule), (fault.GetProperty("field").GetString(), fault.GetProperty("rule").GetString()));
    }

    // What a client sent by mistake is often a blank or a tab, which no text shows.
    [Theory]
    [InlineData(" ", "' '")]
    [InlineData("", "''")]
    [InlineData("a\\t", @"'a\t'")]
    [InlineData("a\\u200b", @"'a\u200b'")]
    [InlineData("a, b", "'a, b'")]
    [InlineData("x", "x")]
    public async Task AValueThatOneCannotSeeIsQuoted(string flag, string shown)
    {
        var answer = await _server!.PredictAsync(Row(3, 2, 1, 5).Replace("null", "5").Replace(
            "\"shared\": true", $"\"shared\": true, \"flag\": \"{flag}\""));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"Row 0, field 'flag' is {shown}, which breaks the contract: one of Y, N.", answer.Detail);
    }

    [Fact]
    public async Task WhatIsAboutOtherColumnsManyRowsOrAWarningRefusesNone()
    {
        var answer = await _server!.PredictAsync(
            $"[{Row(3, 2, 1, 5)}, {Row(60, 2, 9, 5).Replace("2019", "2018")}]");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private static string Row(double distance, int zone, int passengers, int? meter) =>
        $$"""
        {"distance": {{distance}}, "zone": {{zone}}, "pickup": "2019-02-01 08:00:00", "passengers": {{passengers}},
         "shared": true, "meter": {{meter?.ToString() ?? "null"}}}
        """;
}
