using System.Net;
using System.Net.Sockets;

namespace MLBuild.Serving.Tests;

/// <summary>A place on this machine where nobody listens, and which nobody else can take while it is held.</summary>
internal sealed class Nobody : IDisposable
{
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Nobody() => _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public IPEndPoint Place => (IPEndPoint)_held.LocalEndPoint!;

    public void Dispose() => _held.Dispose();
}
