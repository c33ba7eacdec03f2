using System.Globalization;

namespace MLBuild.Sources.Http;

/// <summary>What is wrong with the options of a fetch, in words that hold no value that may be a secret.</summary>
internal sealed class HttpOptionFaults
{
    // Shorter values are a word or a number: 'token=2', 'key=region'.
    private const int ShortestSecret = 8;

    private static readonly string[] SecretParameters =
    [
        "api_key", "apikey", "api-key", "key", "token", "access_token", "auth", "password", "passwd", "pwd", "secret",
        "client_secret", "sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature",
    ];

    private static readonly string[] SecretHeaders =
        ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "Api-Key", "X-Auth-Token"];

    private static readonly string[] OwnHeaders =
        ["Accept", "Accept-Encoding", "Range", "If-Range", "Host", "Connection", "Content-Length"];

    private readonly List<string> _faults = [];

    public static IReadOnlyList<string> Of(HttpOptions options)
    {
        var faults = new HttpOptionFaults();
        faults.Url(nameof(options.Url), options.Url);
        faults.Answer(options.Answer);
        faults.Authentication(options.Authentication);
        foreach (var header in options.Headers)
            faults.Header(header);
        faults.Demand(options.Accept is null || IsPrintable(options.Accept), nameof(options.Accept),
            "not printable ASCII", "media types such as application/json");
        if (options.Identity is HttpIdentity.Body body)
        {
            faults.Url("Identity.Url", body.Url);
            faults.Pointer("Identity.At", body.At);
        }
        faults.Demand(options.MaxAttempts is >= 1 and <= 20, nameof(options.MaxAttempts), options.MaxAttempts,
            "1 to 20");
        faults.Demand(options.FirstDelay >= TimeSpan.Zero && options.FirstDelay <= TimeSpan.FromHours(1),
            nameof(options.FirstDelay), options.FirstDelay, "0 to 01:00:00");
        faults.Demand(options.MaxDelay >= options.FirstDelay && options.MaxDelay <= TimeSpan.FromHours(24),
            nameof(options.MaxDelay), options.MaxDelay, "FirstDelay to 1.00:00:00");
        faults.Demand(options.Timeout >= TimeSpan.FromMilliseconds(1) && options.Timeout <= TimeSpan.FromHours(1),
            nameof(options.Timeout), options.Timeout, "00:00:00.0010000 to 01:00:00");
        faults.Demand(options.RequestsPerSecond is null or (>= 0.001 and <= 10_000), nameof(options.RequestsPerSecond),
            options.RequestsPerSecond, "0.001 to 10000, or null");
        faults.Demand(options.MaxBytes is >= 1 and <= 1_000_000_000_000_000, nameof(options.MaxBytes), options.MaxBytes,
            "1 to 1000000000000000");
        faults.Demand(options.TrustedCertificates is null || File.Exists(options.TrustedCertificates),
            nameof(options.TrustedCertificates), $"'{options.TrustedCertificates}'", "a PEM file that exists, or null");
        return faults._faults;
    }

    private void Demand(bool holds, string member, object? value, string expected)
    {
        if (!holds)
            _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{member} is {value}, expected {expected}"));
    }

    private void Url(string member, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            // A text that is no URL may be a secret that was put into the wrong member.
            _faults.Add($"{member} is no absolute http or https URL, expected one such as https://example.org/trips");
            return;
        }
        if (url.UserInfo.Length > 0)
            _faults.Add($"{member} holds a user or password, which would be in the recipe; use Authentication");
        foreach (var (name, value) in UrlQuery.Of(url))
        {
            if (value.Length >= ShortestSecret && SecretParameters.Contains(name, StringComparer.OrdinalIgnoreCase))
                _faults.Add($"{member} holds '{name}', which looks like a secret and would be in the recipe; use " +
                    "Authentication");
        }
    }

    private void Header(HttpHeader header)
    {
        if (SecretHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
            _faults.Add($"Headers holds '{header.Name}', whose value would be in the recipe; use Authentication");
        else if (OwnHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
            _faults.Add($"Headers holds '{header.Name}', which the fetch sets itself; leave it out");
        else if (!IsToken(header.Name))
            _faults.Add($"Headers holds '{header.Name}', which is no name of a header");
        else if (!IsOfARequest(header.Name))
            _faults.Add($"Headers holds '{header.Name}', which describes a body, and a fetch sends none; leave it out");
        else if (!IsPrintable(header.Value))
            _faults.Add($"Headers holds '{header.Name}' with a value that is not printable ASCII");
    }

    private void Authentication(HttpAuthentication authentication)
    {
        if (HttpAuthentication.SecretOf(authentication) is { } name && string.IsNullOrWhiteSpace(name))
            _faults.Add("Authentication.SecretName is empty, expected the name given to WithSecret");
        switch (authentication)
        {
            case HttpAuthentication.Basic basic:
                Demand(!basic.User.Contains(':') && !basic.User.Any(char.IsControl), "Authentication.User",
                    $"'{basic.User}'", "a name without a colon");
                break;
            case HttpAuthentication.KeyInHeader key:
                Demand(IsToken(key.Header), "Authentication.Header", $"'{key.Header}'", "a name such as X-Api-Key");
                if (IsToken(key.Header))
                    Demand(!OwnHeaders.Contains(key.Header, StringComparer.OrdinalIgnoreCase)
                        && IsOfARequest(key.Header), "Authentication.Header", $"'{key.Header}'",
                        "one that the fetch does not set itself and that no body has, such as X-Api-Key");
                break;
            case HttpAuthentication.KeyInQuery key:
                Demand(key.Parameter.Length > 0, "Authentication.Parameter", "empty", "a name such as api_key");
                break;
        }
    }

    private void Answer(HttpAnswer answer)
    {
        if (answer is HttpAnswer.File file)
            Demand(IsFileName(file.Name), "Answer.Name", $"'{file.Name}'", $"a file's name other than " +
                $"{HttpFetchStage.Report}, such as trips.csv");
        if (answer is not HttpAnswer.Rows rows)
            return;
        Demand(Enum.IsDefined(rows.Format), "Answer.Format", rows.Format, "Array or Lines");
        Demand(Enum.IsDefined(rows.Repeated), "Answer.Repeated", rows.Repeated, "LaterWins, DropEqual or Refuse");
        Demand(rows.MaxPageBytes is >= 1 and <= 1_000_000_000, "Answer.MaxPageBytes", rows.MaxPageBytes,
            "1 to 1000000000");
        Pointer("Answer.At", rows.At);
        Demand(rows.Format == RowFormat.Array || rows.At == "", "Answer.At", $"'{rows.At}'",
            "nothing where Format is Lines");
        if (rows.Id is not null)
            Pointer("Answer.Id", rows.Id);
        Paging(rows.Paging, rows.Format);
    }

    private void Paging(HttpPaging paging, RowFormat format)
    {
        Demand(paging.MaxPages is >= 1 and <= 10_000_000, "Answer.Paging.MaxPages", paging.MaxPages, "1 to 10000000");
        switch (paging)
        {
            case HttpPaging.NextUrl next:
                InAnswer(next.At);
                break;
            case HttpPaging.Cursor cursor:
                Parameter("Parameter", cursor.Parameter);
                InAnswer(cursor.At);
                break;
            case HttpPaging.PageNumber page:
                Parameter("Parameter", page.Parameter);
                Demand(page.First is 0 or 1, "Answer.Paging.First", page.First, "0 or 1");
                break;
            case HttpPaging.Offset offset:
                Parameter("Parameter", offset.Parameter);
                Parameter("LimitParameter", offset.LimitParameter);
                Demand(offset.Limit is >= 1 and <= 1_000_000, "Answer.Paging.Limit", offset.Limit, "1 to 1000000");
                break;
        }

        void Parameter(string member, string name) =>
            Demand(name.Length > 0, $"Answer.Paging.{member}", "empty", "the name of a parameter of the URL");

        void InAnswer(string at)
        {
            Demand(at != "", "Answer.Paging.At", "empty", "a JSON pointer such as /paging/next");
            Pointer("Answer.Paging.At", at);
            if (format == RowFormat.Lines)
                _faults.Add("Answer.Paging looks into the answer, which Format Lines has no place for; use " +
                    "LinkHeader, PageNumber or Offset");
        }
    }

    private void Pointer(string member, string pointer) => Demand(JsonPointer.IsOne(pointer), member, $"'{pointer}'",
        "a JSON pointer such as /data/items, or '' for all");

    private static bool IsFileName(string name) => name.Length > 0 && name.AsSpan().IndexOfAny("/\\:*?\"<>|") < 0
        && !name.StartsWith('.') && name != HttpFetchStage.Report && !name.Any(char.IsControl);

    private static bool IsPrintable(string text) => !text.Any(c => c is < ' ' or > '~');

    private static bool IsOfARequest(string header)
    {
        using var request = new HttpRequestMessage();
        return request.Headers.TryAddWithoutValidation(header, "x");
    }

    private static bool IsToken(string name) => name.Length > 0
        && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
}
