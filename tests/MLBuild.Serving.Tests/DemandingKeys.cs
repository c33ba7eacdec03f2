using System.Net;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>Who may see more than predictions.</summary>
public sealed class DemandingKeys : IDisposable
{
    private readonly ModelPlace _place = new();

    public DemandingKeys() => _place.Deploy(RideModel.Trees);

    public void Dispose() => _place.Dispose();

    private string Keys => Path.Combine(_place.Store, "keys.txt");

    [Theory]
    [InlineData("/model")]
    [InlineData("/metrics")]
    public async Task WithAKeyOfTheServerOnly(string path)
    {
        File.WriteAllText(
            Keys, $"# of the team\n\nann {ContentHash.Of("a long key").Hex}\n  bob\t{ContentHash.Of("b").Hex}\n");
        await using var server = await RunningServer.StartAsync(_place.Options with { ApiKeys = Keys });

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, path, "a long key")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, path, "b")).StatusCode);
        foreach (var wrong in (string?[])[null, "", "a long ke", ContentHash.Of("b").Hex])
        {
            using var response = await AskAsync(server, path, wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("X-API-Key", $"{response.Headers.WwwAuthenticate}");
            Assert.Equal(
                $"{path} shows more than predictions. Send a key of this server as X-API-Key.",
                (await Answer.OfAsync(response)).Detail);
        }
        Assert.Equal(
            HttpStatusCode.OK, (await server.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task AServerThatOthersReachHasKeysOrShowsNothing()
    {
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            // All addresses of this machine; the test asks one of them.
            Urls = ["http://0.0.0.0:0"],
        });

        var answer = await server.GetAsync("/model");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(
            "/model shows more than predictions, and this server, which other machines reach, has no keys for it. "
            + "Start it with --api-keys FILE.",
            answer.Detail);
        Assert.Equal(
            HttpStatusCode.OK, (await server.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString())).Status);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    public async Task WhatAProxyPassesOnIsFromNobodyOnThisMachine(string header)
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/model");
        request.Headers.TryAddWithoutValidation(header, "for=203.0.113.7");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/model")).Status);
    }

    [Fact]
    public async Task AFileThatChangesIsReadAgain()
    {
        File.WriteAllText(Keys, $"ann {ContentHash.Of("a").Hex}\n");
        await using var server = await RunningServer.StartAsync(_place.Options with { ApiKeys = Keys });
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "/model", "a")).StatusCode);

        File.WriteAllText(Keys, $"robert {ContentHash.Of("b").Hex}\n");
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "/model", "a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "/model", "b")).StatusCode);

        // What it means to say nobody knows, so nobody may ask.
        File.WriteAllText(Keys, "robert b\n");
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "/model", "b")).StatusCode);
        File.Delete(Keys);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "/model", "b")).StatusCode);
        File.WriteAllText(Keys, $"robert {ContentHash.Of("b").Hex}\n");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(server, "/model", "b")).StatusCode);
    }

    // Of the root user, who may look everywhere, a folder that leads to itself is one that nobody can look into.
    [UnixFact]
    public async Task AFileThatCannotEvenBeLookedAtHasNoKeysAndHarmsNothingElse()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place.Store, "secrets")).FullName;
        var keys = Path.Combine(folder, "keys.txt");
        File.WriteAllText(keys, $"ann {ContentHash.Of("a").Hex}\n");
        await using var server = await RunningServer.StartAsync(_place.Options with { ApiKeys = keys });

        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, folder);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server, "/model", "a")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task AFaultNamesPlacesAndIsShownToThoseOnly()
    {
        File.WriteAllText(Keys, $"ann {ContentHash.Of("a").Hex}\n");
        await using var server = await RunningServer.StartAsync(_place.Options with { ApiKeys = Keys });
        File.WriteAllText(_place.RegistryFile, new string('x', 5000));

        var health = await server.HealthOnceAsync(health => health.GetProperty("status").GetString() == "degraded");

        Assert.Equal("""{"status":"degraded","version":1,"fault":null}""", health.GetRawText());
        using var response = await AskAsync(server, "/health/ready", "a");
        Assert.StartsWith(
            $"Registry '{_place.RegistryFile}' is damaged: ",
            (await Answer.OfAsync(response)).Json.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "which has no key. Write a line with a name and the SHA-256 of a key.")]
    [InlineData("# nobody\n", "which has no key. Write a line with a name and the SHA-256 of a key.")]
    [InlineData("# of the team\nann my-secret\n",
        "whose line 2 is not a name and the SHA-256 of a key, which printf %s KEY | sha256sum tells.")]
    [InlineData("ann e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
        "whose line 1 has the SHA-256 of no key at all, which would let everybody in. Write that of a key: "
        + "printf %s KEY | sha256sum.")]
    public void AFileThatHasNoKeys(string text, string fault)
    {
        File.WriteAllText(Keys, text);

        Assert.Equal($"The server cannot start: --api-keys is '{Keys}', {fault}", Refusal());
    }

    [Fact]
    public void AFileThatIsNot() => Assert.StartsWith(
        $"The server cannot start: --api-keys is '{Keys}', which cannot be read: ", Refusal());

    private string Refusal() => Assert.Throws<ServingException>(() => ModelServer.Build(
        _place.Options with { ApiKeys = Keys }, Ride.Definition, Ride.Served, new ManualClock())).Message;

    private static Task<HttpResponseMessage> AskAsync(RunningServer server, string path, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-API-Key", key);
        return server.Client.SendAsync(request);
    }
}
