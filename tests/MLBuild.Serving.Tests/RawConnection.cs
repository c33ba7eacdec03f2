using System.Net.Sockets;
using System.Text;

namespace MLBuild.Serving.Tests;

/// <summary>A connection on which a test says what no proper client would.</summary>
internal sealed class RawConnection : IDisposable
{
    // A server that neither answers nor hangs up is at fault.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(5);

    private readonly TcpClient _client = new();

    private NetworkStream? _stream;

    private RawConnection()
    {
    }

    private NetworkStream Stream => _stream!;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    /// <summary>Says that nothing more comes.</summary>
    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The status code of the answer, and what came behind it.</summary>
    public async Task<(int Status, string Text)> AnswerAsync()
    {
        using var reader = new StreamReader(Stream);
        using var overdue = new CancellationTokenSource(LongestAnswer);
        var line = await reader.ReadLineAsync(overdue.Token)
            ?? throw new InvalidOperationException("The server hung up.");
        return (int.Parse(line.Split(' ')[1]), await reader.ReadToEndAsync(overdue.Token));
    }

    public void Dispose() => _client.Dispose();
}
