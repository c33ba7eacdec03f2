using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLBuild.Registry.Tests;

/// <summary>The first words of a PostgreSQL server, for what happens before anybody is let in: wire protocol 3.0,
/// chapter "Message Flow" of PostgreSQL's documentation.</summary>
internal sealed class StubServer : IDisposable
{
    private const int EncryptionByTls = 80877103;
    private const int EncryptionByGss = 80877104;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string? _state;
    private readonly bool _asksForPassword;

    private StubServer(string? state, bool asksForPassword)
    {
        (_state, _asksForPassword) = (state, asksForPassword);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The passwords it was given. Npgsql tries again without encryption.</summary>
    public List<string> Passwords { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Asks for a password, and refuses with an error of this state whatever comes.</summary>
    public static StubServer AskingForPassword() => new("28P01", asksForPassword: true);

    /// <summary>Refuses with an error of this state.</summary>
    public static StubServer Refusing(string state) => new(state, asksForPassword: false);

    /// <summary>Hangs up on everybody.</summary>
    public static StubServer HangingUp() => new(null, asksForPassword: false);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            using (client)
            {
                try
                {
                    await AnswerAsync(client.GetStream());
                }
                catch (IOException)
                {
                    // The other side hung up first.
                }
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        while (BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(stream)) is EncryptionByTls or EncryptionByGss)
            await stream.WriteAsync("N"u8.ToArray());
        if (_state is null)
            return;
        if (_asksForPassword)
        {
            await WriteAsync(stream, 'R', [0, 0, 0, 3]);
            await stream.ReadExactlyAsync(new byte[1]);
            Passwords.Add(Encoding.UTF8.GetString(await ReadAsync(stream)).TrimEnd('\0'));
        }
        await WriteAsync(
            stream, 'E', Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{_state}\0Mas asked\0\0"));
        // Until the other side has read it and hangs up.
        await stream.CopyToAsync(Stream.Null);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - length.Length];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    private static async Task WriteAsync(NetworkStream stream, char kind, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + length.Length);
        await stream.WriteAsync((byte[])[(byte)kind, .. length, .. body]);
    }
}
