using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Limits of requests: those that a team sets itself, and those that a server reports.</summary>
public sealed class KeepingToLimits : IDisposable
{
    private readonly FetchSpace _space = new();

    [Fact]
    public async Task DeclaredRateSpacesRequests()
    {
        await using var server =
            ScriptedServer.InTurn(Answers.Json("[1]"), Answers.Json("[2]"), Answers.Json("[]"));
        var report = await _space.Fetch(Pages(server) with { RequestsPerSecond = 4 });
        Assert.Equal([TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.25)], _space.Clock.Waits);
        Assert.Equal(0, report.Waits);
    }

    [Theory]
    [InlineData("RateLimit-Remaining", "RateLimit-Reset", "30")]
    [InlineData("X-RateLimit-Remaining", "X-RateLimit-Reset", "1796119230")]
    [InlineData("X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", "30")]
    public async Task UsedUpLimitIsWaitedForBeforeTheNextRequest(string remaining, string reset, string value)
    {
        await using var server = ScriptedServer.InTurn(
            Answers.With(Answers.Json("[1]"), (remaining, "1"), (reset, value)),
            Answers.With(Answers.Json("[2]"),
                (remaining, "0"), (reset, value), ("Date", "Tue, 01 Dec 2026 10:00:00 GMT")),
            Answers.Json("[]"));
        await _space.Fetch(Pages(server));
        Assert.Equal([TimeSpan.FromSeconds(30)], _space.Clock.Waits);
    }

    [Fact]
    public async Task UsedUpLimitAfterTheLastRequestIsNotWaitedFor()
    {
        await using var server = ScriptedServer.Of(
            Answers.With(Answers.Json("[1]"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "86400")));
        await _space.Fetch(Pages(server) with { Answer = new HttpAnswer.Rows() });
        Assert.Empty(_space.Clock.Waits);
    }

    [Fact]
    public async Task LimitThatBeginsAnewTooLateIsAnError()
    {
        await using var server = ScriptedServer.Of(
            Answers.With(Answers.Json("[1]"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "3600")));
        Assert.Equal(
            $"{server.Place} allows no more requests for 1 h 0 min, longer than MaxDelay, 5 min 0 s. Run the same " +
            "command after that, or raise MaxDelay.",
            await _space.Failure<UnreachableSourceException>(Pages(server)));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task ForbiddenWithAUsedUpLimitIsAWait()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Status(403, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "20")), Answers.Json("[1]"));
        var report = await _space.Fetch(Pages(server) with { Answer = new HttpAnswer.Rows() });
        Assert.Equal([TimeSpan.FromSeconds(20)], _space.Clock.Waits);
        Assert.Equal(1, report.Waits);
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions Pages(ScriptedServer server) => new()
    {
        Url = server.Url(),
        Answer = new HttpAnswer.Rows { Paging = new HttpPaging.PageNumber("page") },
    };
}
