using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLBuild.Stages.Tests.Notices;

/// <summary>A real HTTP server on a free port of this machine, which answers each request in turn, the last answer to
/// all that come after, and keeps what was posted.</summary>
internal sealed class LoopbackServer : IDisposable
{
    /// <summary>An answer that never comes.</summary>
    public const int Never = 0;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string Head, string Body)> _posted = new();
    private readonly int[] _answers;

    public LoopbackServer(params int[] answers)
    {
        _answers = answers;
        _listener.Start();
        _ = Task.Run(Accept);
    }

    public string Address =>
        $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook/s3cr3t-p4th?token=s3cr3t";

    /// <summary>Where redirects lead.</summary>
    public string? Elsewhere { get; init; }

    public IReadOnlyList<(string Head, string Body)> Posted => [.. _posted];

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Answer(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Answer(TcpClient client)
    {
        using var open = client;
        var stream = client.GetStream();
        var text = "";
        var bytes = new byte[1 << 16];
        while (BodyOf(text) is null)
        {
            var read = await stream.ReadAsync(bytes);
            if (read == 0)
                return;
            text += Encoding.Latin1.GetString(bytes, 0, read);
        }
        var at = _posted.Count;
        _posted.Enqueue((text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)], BodyOf(text)!));
        var status = _answers[Math.Min(at, _answers.Length - 1)];
        if (status == Never)
        {
            await Task.Delay(Timeout.Infinite, _end.Token);
        }
        var location = Elsewhere is null ? "" : $"Location: {Elsewhere}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status} x\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n"));
    }

    // Null until all of it is there.
    private static string? BodyOf(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        const string name = "Content-Length: ";
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        var length = int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), provider: null);
        return text.Length >= end + 4 + length ? text.Substring(end + 4, length) : null;
    }
}
