using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLBuild.Benchmarks.Measuring;

/// <summary>A connection to a server that sends one and the same request again and again. It costs the machine little
/// beside the server: nothing is allocated for a request, and of an answer only its status and its end are looked for.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[1 << 20];

    public LoadConnection(int port, string body)
    {
        _request = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Sends the request and waits for the end of its answer.</summary>
    /// <exception cref="InvalidOperationException">It was answered otherwise than by 200.</exception>
    public async Task AskAsync()
    {
        await _socket.SendAsync(_request.AsMemory(), SocketFlags.None);
        var (length, end) = (0, -1);
        while (end < 0 || length < end)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), SocketFlags.None);
            if (read == 0)
                throw new InvalidOperationException("The server hung up.");
            length += read;
            if (end < 0)
                end = EndOf(_answer.AsSpan(0, length));
        }
    }

    public void Dispose() => _socket.Dispose();

    // Of the answer, once its headers are there; else -1.
    private static int EndOf(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\r\n\r\n"u8) is not (var headers and >= 0))
            return -1;
        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"The server answered {Encoding.UTF8.GetString(answer)}");
        var length = answer[(answer.IndexOf("Content-Length: "u8) + "Content-Length: ".Length)..];
        return headers + 4 + int.Parse(length[..length.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
