using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MLBuild.Sources.Tests.Http;

/// <summary>What servers in tests say.</summary>
internal static class Answers
{
    public static RequestDelegate Json(string text) => Text(text, "application/json");

    public static RequestDelegate Text(string text, string type) => context =>
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    };

    public static RequestDelegate Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    public static RequestDelegate Redirect(string to) => Status(302, ("Location", to));

    /// <summary>An answer with more headers.</summary>
    public static RequestDelegate With(RequestDelegate answer, params (string Name, string Value)[] headers) =>
        context =>
    {
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return answer(context);
    };

    /// <summary>Promises all of some bytes, sends the first of them, and breaks the connection.</summary>
    public static RequestDelegate Broken(byte[] all, int sent, params (string Name, string Value)[] headers) =>
        Cut("200 OK", all.AsMemory(0, sent), [.. headers, ("Content-Length", $"{all.Length}")]);

    public static RequestDelegate Broken(string text) => Broken(Encoding.UTF8.GetBytes(text), text.Length / 2);

    /// <summary>Sends what it is given, past the server that would count it, and breaks the connection.</summary>
    public static RequestDelegate Cut(
        string status, ReadOnlyMemory<byte> sent, params (string Name, string Value)[] headers) => async context =>
    {
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        var head = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        byte[] all = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{head}\r\n"), .. sent.Span];
        for (var rest = all.AsMemory(); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest)..];
        // In order: what was sent arrives before the end does.
        socket.Shutdown(SocketShutdown.Send);
        context.Abort();
    };

    /// <summary>Bytes, or the part of them that is asked for with the tag that they have.</summary>
    public static RequestDelegate Resumable(byte[] all, string tag) => async context =>
    {
        context.Response.Headers.ETag = tag;
        var range = context.Request.Headers.Range.ToString();
        var from = 0;
        if (range.StartsWith("bytes=", StringComparison.Ordinal) && context.Request.Headers.IfRange == tag)
        {
            from = int.Parse(range[6..].Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = from < all.Length ? 206 : 416;
            context.Response.Headers.ContentRange =
                from < all.Length ? $"bytes {from}-{all.Length - 1}/{all.Length}" : $"bytes */{all.Length}";
        }
        context.Response.ContentLength = all.Length - from;
        if (from < all.Length)
            await context.Response.Body.WriteAsync(all.AsMemory(from));
    };

    /// <summary>Says nothing until the client gives up.</summary>
    public static RequestDelegate Silence(Action arrived) => async context =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        arrived();
        await gone.Task;
    };
}
