using System.Net;
using System.Net.Sockets;

namespace MLBuild.Registry.Tests;

/// <summary>When a <see cref="CuttingProxy"/> cuts a connection.</summary>
public enum Cut
{
    BeforeTheCommitArrives,
    BeforeItsAnswerArrives,
}

/// <summary>Stands between a client and a PostgreSQL server, and cuts the connection of whoever commits.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly Cut _cut;

    public CuttingProxy(string host, int port, Cut cut)
    {
        (_host, _port, _cut) = (host, port, cut);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var server = new TcpClient(_host, _port);
                await Task.WhenAny(
                    RequestsAsync(client.GetStream(), server.GetStream()),
                    server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    // Ends, and with it the connection, in the middle of a commit.
    private async Task RequestsAsync(NetworkStream client, NetworkStream server)
    {
        var buffer = new byte[65536];
        while (await client.ReadAsync(buffer) is > 0 and var count)
        {
            // The end of the text tells it from ISOLATION LEVEL READ COMMITTED.
            if (buffer.AsSpan(0, count).IndexOf("COMMIT\0"u8) < 0)
            {
                await server.WriteAsync(buffer.AsMemory(0, count));
                continue;
            }
            if (_cut == Cut.BeforeItsAnswerArrives)
            {
                client.Socket.Shutdown(SocketShutdown.Send);
                await server.WriteAsync(buffer.AsMemory(0, count));
            }
            return;
        }
    }
}
