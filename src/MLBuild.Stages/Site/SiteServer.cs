using System.Net;
using System.Text;
using MLBuild.Engine;

namespace MLBuild.Stages.Site;

/// <summary>Shows the report in a browser on this machine, as the state is when a page is asked for.</summary>
/// <remarks>Only programs on this machine reach it, and only under its number: a page from elsewhere that gives itself
/// the name of this machine is refused. Paths are looked up among the names of pages, never among files.</remarks>
/// <param name="read">Reads the state anew.</param>
public sealed class SiteServer(Func<SiteState> read)
{
    private const string Security =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:";

    /// <param name="port">1 to 65535.</param>
    /// <param name="listening">Called once pages can be asked for, with the address.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="PipelineException">The port is none, or another program has it.</exception>
    public async Task Run(int port, Action<string> listening, CancellationToken cancel)
    {
        if (port is < 1 or > 65535)
            throw new PipelineException($"--report-port is {port}, expected a port from 1 to 65535.");
        var address = FormattableString.Invariant($"http://127.0.0.1:{port}/");
        using var listener = new HttpListener { Prefixes = { address } };
        try
        {
            listener.Start();
        }
        catch (Exception e) when (e is HttpListenerException or System.Net.Sockets.SocketException)
        {
            throw new PipelineException($"The report cannot be served on port {port}: {e.Message}. Give another " +
                "--report-port.");
        }
        using var stop = cancel.Register(listener.Stop);
        listening(address);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                // One after the other: whoever reads the state reads it alone.
                await Answer(await listener.GetContextAsync(), cancel);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException
                or InvalidOperationException)
            {
                // Somebody has closed the connection, or the server ends.
            }
        }
    }

    private async Task Answer(HttpListenerContext context, CancellationToken cancel)
    {
        var request = context.Request;
        if (request.HttpMethod is not ("GET" or "HEAD"))
        {
            await Send(context, 405, "text/plain; charset=utf-8", "Only GET and HEAD are answered.\n"u8.ToArray(), cancel);
            return;
        }
        try
        {
            var path = request.Url!.AbsolutePath[1..];
            var page = SitePages.Of(read())
                .FirstOrDefault(page => page.Path == (path.Length == 0 ? SitePages.Index : path));
            if (page is null)
                await Send(context, 404, "text/plain; charset=utf-8",
                    Encoding.UTF8.GetBytes($"The report has no such page. It begins at /{SitePages.Index}\n"), cancel);
            else
                await Send(context, 200, page.ContentType, page.Bytes(), cancel);
        }
        catch (Exception e) when (e is not (HttpListenerException or OperationCanceledException or IOException
            or ObjectDisposedException))
        {
            // The registry does not answer, say; it may at the next request.
            await Send(context, 500, "text/plain; charset=utf-8",
                Encoding.UTF8.GetBytes($"The state cannot be read: {e.Message}\n"), cancel);
        }
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
        if (context.Request.HttpMethod == "GET")
            await response.OutputStream.WriteAsync(bytes, cancel);
        response.Close();
    }
}
