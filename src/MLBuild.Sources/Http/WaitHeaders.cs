using System.Globalization;

namespace MLBuild.Sources.Http;

/// <summary>How long a server asks to wait, by the headers of its answer.</summary>
internal static class WaitHeaders
{
    // A larger number of seconds is a time since 1970, a smaller one a wait: APIs write either.
    private const double LeastEpoch = 1_000_000_000;

    private static readonly string[] Remaining =
        ["RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"];

    private static readonly string[] Reset = ["RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"];

    /// <summary>What <c>Retry-After</c> says, else when a limit that is used up begins anew; null if neither is
    /// said.</summary>
    public static TimeSpan? Asked(HttpResponseMessage response, TimeProvider clock) =>
        RetryAfter(response, clock) ?? UsedUp(response, clock);

    /// <summary>When the limit of requests begins anew, if this was the last one of it.</summary>
    public static TimeSpan? UsedUp(HttpResponseMessage response, TimeProvider clock) =>
        Number(response, Remaining) is <= 0 && Number(response, Reset) is { } reset
            ? NotNegative(reset >= LeastEpoch
                ? DateTimeOffset.UnixEpoch.AddSeconds(reset) - Now(response, clock)
                : TimeSpan.FromSeconds(reset))
            : null;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => NotNegative(date - Now(response, clock)),
            _ => null,
        };

    // By the server's own clock, where it says what that shows: this machine's may be wrong.
    private static DateTimeOffset Now(HttpResponseMessage response, TimeProvider clock) =>
        response.Headers.Date ?? clock.GetUtcNow();

    private static TimeSpan NotNegative(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

    private static double? Number(HttpResponseMessage response, string[] names)
    {
        foreach (var name in names)
        {
            if (response.Headers.TryGetValues(name, out var values) && double.TryParse(values.First(),
                NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e11)
                return number;
        }
        return null;
    }
}
