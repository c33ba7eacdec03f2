using System.Text;
using System.Text.Json.Nodes;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Notices;

namespace MLBuild.Stages.Tests.Notices;

/// <summary>Whoever has a webhook is told of each verdict once; one that did not arrive is told by the next
/// run.</summary>
public sealed class TellingAWebhook : IDisposable
{
    private readonly NoticeSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task AVerdictThatCallsForItIsPostedOnce()
    {
        using var server = new LoopbackServer(204);
        _space.Address = server.Address;
        await _space.Done();
        await _space.Done();

        var (head, body) = Assert.Single(server.Posted);
        var notice = JsonNode.Parse(body)!;
        Assert.StartsWith("POST /hook/s3cr3t-p4th?token=s3cr3t HTTP/1.1", head);
        Assert.Contains($"Idempotency-Key: {notice["key"]}", head);
        Assert.Contains("Content-Type: application/json", head);
        Assert.Equal(
            ("sales", "production", 3, "2019-03", "Drift", "area: drift; PSI 0.4."),
            ((string?)notice["model"], (string?)notice["environment"], (int)notice["version"]!,
                (string?)notice["window"]!["name"], (string?)notice["verdict"], (string?)notice["findings"]![0]));
        Assert.Empty(_space.Told);
    }

    [Fact]
    public async Task AnotherVerdictOrVersionIsAnotherNotice()
    {
        using var server = new LoopbackServer(200);
        _space.Address = server.Address;
        await _space.Done();
        Assert.Equal(
            ["Tell/Webhook: the webhook at 127.0.0.1 was told: drift in 2019-03, version 3"], _space.Told);
        _space.Windows = [("2019-03", WindowVerdict.Degraded), ("2019-02", WindowVerdict.BadData)];
        await _space.Done();
        _space.Version = 4;
        await _space.Done();
        Assert.Equal(5, server.Posted.Count);
        Assert.Equal(
            5, server.Posted.Select(posted => (string?)JsonNode.Parse(posted.Body)!["key"]).Distinct().Count());
    }

    [Fact]
    public async Task WhatIsToldOfIsChosen()
    {
        using var server = new LoopbackServer(200);
        _space.Address = server.Address;
        _space.Options = _space.Options with { On = NoticeOptions.Verdicts("fine, NotEnoughData") };
        await _space.Done();
        Assert.Equal(2, server.Posted.Count);
        Assert.Equal(
            "Somebody is told of the verdict 'Bad', expected some of Fine, Drift, Degraded, BadData, NotEnoughData, "
            + "with commas between them.",
            Assert.Throws<ArgumentException>(() => NoticeOptions.Verdicts("Drift,Bad")).Message);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task AFaultThatPassesIsTriedAgain(int fault)
    {
        using var server = new LoopbackServer(fault, 200);
        _space.Address = server.Address;
        await _space.Done();
        Assert.Equal(2, server.Posted.Count);
        Assert.Equal(server.Posted[0].Body, server.Posted[1].Body);
        Assert.Contains(
            $"Tell/Webhook: the webhook at 127.0.0.1 answered {fault}; attempt 2 of 4 begins in 0.00 s", _space.Told);
    }

    [Fact]
    public async Task AFaultThatStaysFailsTheBuildAndTheNextRunTellsWhatIsLeft()
    {
        _space.Windows = [("2019-03", WindowVerdict.Drift), ("2019-04", WindowVerdict.BadData)];
        using (var server = new LoopbackServer(200, 500))
        {
            _space.Address = server.Address;
            Assert.Equal(
                """
                1 of 1 partitions failed; the others are kept.
                Webhook: The webhook at 127.0.0.1 could not be told of 1 of 2 verdicts.
                  bad data in 2019-04, version 3: it answered 500, 4 times
                The verdicts are kept. Mend it and run Monitor again: what was told is not told again.
                """.ReplaceLineEndings("\n"), await _space.Failure());
            Assert.Equal(5, server.Posted.Count);
        }
        using var mended = new LoopbackServer(200);
        _space.Address = mended.Address;
        await _space.Done();
        Assert.Contains("\"2019-04\"", Assert.Single(mended.Posted).Body);
    }

    [Fact]
    public async Task OfManyNoticesOnlyTheFirstIsTriedAgain()
    {
        _space.Windows =
            [("2019-03", WindowVerdict.Drift), ("2019-04", WindowVerdict.Drift), ("2019-05", WindowVerdict.Drift)];
        using var server = new LoopbackServer(503);
        _space.Address = server.Address;
        Assert.Contains("drift in 2019-05, version 3: it answered 503, once\n", await _space.Failure());
        Assert.Equal(6, server.Posted.Count);
    }

    [Fact]
    public async Task WhoDoesNotAnswerOrIsNotThereIsNamed()
    {
        _space.Options = _space.Options with { Timeout = TimeSpan.FromMilliseconds(200), MaxAttempts = 2 };
        using (var server = new LoopbackServer(LoopbackServer.Never))
        {
            _space.Address = server.Address;
            Assert.Contains(
                "drift in 2019-03, version 3: it did not answer within 0.20 s, 2 times", await _space.Failure());
        }
        _space.Options = _space.Options with { Timeout = TimeSpan.FromSeconds(30) };
        Assert.Contains(
            "drift in 2019-03, version 3: it could not be reached (ConnectionError), 2 times", await _space.Failure());
    }

    [Fact]
    public async Task WhatIsRefusedIsNotTriedAgain()
    {
        using var server = new LoopbackServer(404);
        _space.Address = server.Address;
        Assert.Contains("drift in 2019-03, version 3: it answered 404\n", await _space.Failure());
        Assert.Single(server.Posted);
    }

    [Fact]
    public async Task ARedirectIsNotFollowed()
    {
        using var elsewhere = new LoopbackServer(200);
        using var server = new LoopbackServer(307) { Elsewhere = elsewhere.Address };
        _space.Address = server.Address;
        Assert.Contains(
            "it answered 307, a redirect, and notices are posted to the given address only", await _space.Failure());
        Assert.Empty(elsewhere.Posted);
    }

    [Theory]
    [InlineData("http://hooks.example.org/s3cr3t")]
    [InlineData("https://ann:s3cr3t@hooks.example.org/")]
    [InlineData("ftp://127.0.0.1/s3cr3t")]
    [InlineData("s3cr3t")]
    public async Task AnAddressThatIsNoneIsRefusedAlsoWhereNothingIsToBeToldAndNotShown(string address)
    {
        _space.Address = address;
        _space.Windows = [("2019-03", WindowVerdict.Fine)];
        var message = await _space.Failure();
        Assert.Contains(
            "The webhook's address, which is not shown because it may hold a token, is none that notices are posted "
            + "to. Expected one of https://, or of http:// on this machine, without a user name.", message);
        Assert.DoesNotContain("s3cr3t", message);
    }

    [Fact]
    public async Task WithoutAnybodyToTellNothingRuns()
    {
        await _space.Done();
        Assert.Empty(_space.Told);
    }

    [Fact]
    public async Task TheAddressIsInNoRecipeLogOrArtifact()
    {
        using (var server = new LoopbackServer(200, 500))
        {
            _space.Address = server.Address;
            await _space.Done();
            _space.Windows = [("2019-05", WindowVerdict.Drift)];
            Assert.DoesNotContain("s3cr3t", await _space.Failure());
        }
        var root = Path.GetDirectoryName(_space.Space.History)!;
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.Contains("told", StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain(
            "s3cr3t", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(_space.Space.Log, line => line.Contains("s3cr3t", StringComparison.Ordinal));
    }
}
