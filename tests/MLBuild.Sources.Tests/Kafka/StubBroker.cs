using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>Something on loopback that a client takes for a broker until it is turned away.</summary>
internal sealed class StubBroker : IDisposable
{
    private const short SaslHandshake = 17;
    private const short ApiVersions = 18;
    private const short SaslAuthenticate = 36;
    private const short UnsupportedMechanism = 33;
    private const short UnsupportedVersion = 35;
    private const short SaslAuthenticationFailed = 58;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _serving;

    private StubBroker(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        Server = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = Serve();
    }

    public string Server { get; }

    /// <summary>Takes connections and says nothing.</summary>
    public static StubBroker Silent() => new((_, end) => Task.Delay(Timeout.Infinite, end));

    /// <summary>Refuses every password, with these words.</summary>
    public static StubBroker Refusing(string words) => new((stream, end) => Refuse(stream, words, end));

    /// <summary>Has a certificate that nobody signed.</summary>
    public static StubBroker Untrusted() => new(async (stream, end) =>
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new() { ServerCertificate = certificate }, end);
        await Task.Delay(Timeout.Infinite, end);
    });

    /// <summary>An address where nobody is: that port is given to no one who asks for any.</summary>
    public const string Nobody = "127.0.0.1:1";

    public void Dispose()
    {
        _end.Cancel();
        _serving.GetAwaiter().GetResult();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
        }
        await Task.WhenAll(connections);
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), _end.Token);
            }
            // The client hangs up, or the test is over.
            catch (Exception e) when (e is IOException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }

    private static async Task Refuse(NetworkStream stream, string words, CancellationToken end)
    {
        var head = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(head, end);
            var request = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
            await stream.ReadExactlyAsync(request, end);
            var key = BinaryPrimitives.ReadInt16BigEndian(request);
            var version = BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(2));
            var answer = new BigEndian().Add(BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4)));
            answer = key switch
            {
                ApiVersions => answer.Add(version == 0 ? (short)0 : UnsupportedVersion).Add(3)
                    .Add(ApiVersions).Add((short)0).Add((short)0)
                    .Add(SaslHandshake).Add((short)0).Add((short)1)
                    .Add(SaslAuthenticate).Add((short)0).Add((short)0),
                SaslHandshake => answer
                    .Add(request.AsSpan().EndsWith("SCRAM-SHA-512"u8) ? UnsupportedMechanism : (short)0)
                    .Add(2).Add("PLAIN").Add("SCRAM-SHA-256"),
                SaslAuthenticate => answer.Add(SaslAuthenticationFailed).Add(words).Add(0),
                _ => throw new InvalidOperationException($"The client asks for {key} without a user."),
            };
            await stream.WriteAsync(new BigEndian().Add(answer.Bytes.Length).Add(answer.Bytes).Bytes, end);
        }
    }
}
