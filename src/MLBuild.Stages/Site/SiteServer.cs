using System.Net;
using System.Text;
using MLBuild.Engine;

namespace MLBuild.Stages.Site;

/// <summary>Shows the report in a browser on this machine, as the state is when a page is asked for.</summary>
/// <remarks>Only programs on this machine reach it, and only under its number: a page from elsewhere that gives itself
/// the name of this machine is refused. Paths are looked up among the names of pages, never among files.</remarks>
/// <param name="read">Reads the state anew.</param>
public sealed class SiteServer(Func<SiteState> read) : IDisposable
{
    private const string Security =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:";

    private readonly SemaphoreSlim _reading = new(1);

    public void Dispose() => _reading.Dispose();

    /// <param name="port">1 to 65535.</param>
    /// <param name="listening">Called once pages can be asked for, with the address.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="PipelineException">The port is none, or another program has it.</exception>
    public async Task Run(int port, Action<string> listening, CancellationToken cancel)
    {
        if (port is < 1 or > 65535)
            throw new PipelineException($"--report-port is {port}, expected a port from 1 to 65535.");
        var address = FormattableString.Invariant($"http://127.0.0.1:{port}/");
        // Ended once, by Close, as each ending binds the port again where it finds it free: after Stop, Dispose fails
        // where another program has taken the port meanwhile.
        var listener = new HttpListener { Prefixes = { address } };
        try
        {
            listener.Start();
        }
        catch (Exception e) when (e is HttpListenerException or System.Net.Sockets.SocketException)
        {
            throw new PipelineException($"The report cannot be served on port {port}: {e.Message}. Give another " +
                "--report-port.");
        }
        using var stop = cancel.Register(listener.Close);
        listening(address);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                _ = Answer(await listener.GetContextAsync(), cancel);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The server ends.
            }
        }
    }

    private async Task Answer(HttpListenerContext context, CancellationToken cancel)
    {
        try
        {
            var (status, contentType, bytes) = await Found(context.Request, cancel);
            await Send(context, status, contentType, bytes, cancel);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException
            or InvalidOperationException or OperationCanceledException)
        {
            // Who asked has gone away, or the server ends.
        }
    }

    private async Task<(int Status, string ContentType, byte[] Bytes)> Found(
        HttpListenerRequest request, CancellationToken cancel)
    {
        if (request.HttpMethod is not ("GET" or "HEAD"))
            return Said(405, "Only GET and HEAD are answered.\n");
        var path = request.Url!.AbsolutePath is "/" ? SitePages.Index : request.Url.AbsolutePath[1..];
        // Whoever reads the state reads it alone: it is a second's work of all cores.
        await _reading.WaitAsync(cancel);
        try
        {
            return SitePages.Of(read()).FirstOrDefault(page => page.Path == path) is { } page
                ? (200, page.ContentType, page.Bytes())
                : Said(404, $"The report has no such page. It begins at /{SitePages.Index}\n");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The registry does not answer, say; it may at the next request.
            return Said(500, $"The state cannot be read: {e.Message}\n");
        }
        finally
        {
            _reading.Release();
        }

        static (int, string, byte[]) Said(int status, string text) =>
            (status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    private static async Task Send(
        HttpListenerContext context, int status, string contentType, byte[] bytes, CancellationToken cancel)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength64 = bytes.Length;
        response.Headers["Content-Security-Policy"] = Security;
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cache-Control"] = "no-store";
        if (context.Request.HttpMethod != "HEAD")
            await response.OutputStream.WriteAsync(bytes, cancel);
        response.Close();
    }
}
