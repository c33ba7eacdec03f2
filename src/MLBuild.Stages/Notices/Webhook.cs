using System.Net;
using System.Text;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Notices;

/// <summary>An address that notices are posted to as JSON. Its path and query may be as good as a password: messages
/// name the host only, and redirects are not followed.</summary>
internal sealed class Webhook : IDisposable
{
    private readonly Uri _address;
    private readonly NoticeOptions _options;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private bool _isDown;

    /// <exception cref="NoticeException">The address is none that may be posted to.</exception>
    public Webhook(string address, NoticeOptions options, TimeProvider clock)
    {
        (_address, _options, _clock) = (Parse(address), options, clock);
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            // Each attempt has its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Name => $"the webhook at {_address.Host}";

    /// <summary>Posts a notice, and again where that may help. Where it did not help once, nothing more is posted
    /// again: each of many notices would wait as long.</summary>
    /// <exception cref="NoticeFault">It did not arrive.</exception>
    public async Task Tell(Notice notice, Action<string> log, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Post(notice, cancel);
                return;
            }
            catch (PassingNoticeFault fault)
            {
                if (_isDown || attempt >= _options.MaxAttempts)
                {
                    _isDown = true;
                    throw new NoticeFault($"{fault.Message}, {Times(attempt)}", fault.InnerException);
                }
                var delay = _options.FirstDelay * Math.Pow(2, attempt - 1);
                log($"{Name} {fault.Message}; attempt {attempt + 1} of {_options.MaxAttempts} begins in "
                    + $"{Wording.Duration(delay)}");
                await Task.Delay(delay, _clock, cancel);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Times(int attempts) => attempts == 1 ? "once" : $"{attempts} times";

    private static Uri Parse(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : throw new NoticeException("The webhook's address, which is not shown because it may hold a token, is "
                + "none that notices are posted to. Expected one of https://, or of http:// on this machine, without "
                + "a user name.");

    private async Task Post(Notice notice, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(ReportFile.Text(notice), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", notice.Key);
        try
        {
            using var answer = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            Demand(answer.StatusCode);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new PassingNoticeFault($"did not answer within {Wording.Duration(_options.Timeout)}", e);
        }
        catch (HttpRequestException e)
        {
            throw new PassingNoticeFault($"could not be reached ({e.HttpRequestError})", e);
        }
    }

    private static void Demand(HttpStatusCode status)
    {
        var fault = $"answered {(int)status}";
        switch ((int)status)
        {
            case >= 200 and < 300:
                return;
            case 408 or 429 or >= 500:
                throw new PassingNoticeFault(fault);
            case >= 300 and < 400:
                throw new NoticeFault($"{fault}, a redirect, and notices are posted to the given address only");
            default:
                throw new NoticeFault(fault);
        }
    }
}
