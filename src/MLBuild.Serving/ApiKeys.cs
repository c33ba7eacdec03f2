using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MLBuild.Serving;

/// <summary>Who may ask for more than predictions: whoever sends a key as <c>X-API-Key</c>. The server knows only
/// hashes: a line of its file has a name and the SHA-256 of a key, which <c>printf %s KEY | sha256sum</c> tells. Keys
/// are to be long and random, as nothing else slows guessing.</summary>
/// <remarks>The file is read again when it has changed, so that a key can be taken back. One that cannot be read any
/// more has no keys.</remarks>
internal sealed class ApiKeys
{
    public const string Header = "X-API-Key";

    private readonly bool _isOpen;
    private readonly string? _path;
    private readonly Lock _reading = new();
    private volatile KeyFile _file;

    private ApiKeys(string? path, KeyFile file, bool isOpen) => (_path, _file, _isOpen) = (path, file, isOpen);

    /// <summary>Reads the file of keys. Without one, a server that only its own machine can reach answers everybody,
    /// and any other nobody.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="urls">Where the server listens.</param>
    /// <exception cref="ServingException">The file cannot be read, or has a line that is something else.</exception>
    public static ApiKeys Of(string? path, IReadOnlyList<string> urls)
    {
        if (path is null)
            return new(null, KeyFile.None, isOpen: urls.All(IsLoopback));
        try
        {
            return new(path, Read(path), isOpen: false);
        }
        catch (ServingException e)
        {
            throw new ServingException($"The server cannot start: {e.Message}", e);
        }
    }

    /// <summary>Whether who sent a request may see more than predictions.</summary>
    public bool Allows(HttpContext context)
    {
        var headers = context.Request.Headers;
        // What a proxy on this machine passes on comes from anywhere.
        if (_isOpen && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded"))
            return true;
        return _path is { } path && Knows(Present(path, context.RequestServices), headers[Header].ToString());
    }

    private byte[][] Present(string path, IServiceProvider services)
    {
        if (_file.Stamp == StampOf(path))
            return _file.Hashes;
        lock (_reading)
        {
            var stamp = StampOf(path);
            if (_file.Stamp == stamp)
                return _file.Hashes;
            try
            {
                _file = Read(path);
            }
            catch (ServingException e)
            {
                _file = new([], stamp);
                HttpHost.LogOf(services).LogError("No key is known any more: {Fault}", e.Message);
            }
            return _file.Hashes;
        }
    }

    // A file that is not there, or that may not be looked at, has one too: to read it says what is wrong.
    private static (DateTime WrittenUtc, long Bytes) StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return (file.LastWriteTimeUtc, file.Exists ? file.Length : 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static KeyFile Read(string path)
    {
        try
        {
            // Before it is read: what changes meanwhile is read once more.
            var stamp = StampOf(path);
            var hashes = File.ReadLines(path).Index()
                .Where(line => line.Item.Trim() is { Length: > 0 } text && text[0] != '#')
                .Select(line => HashOf(line.Item, line.Index + 1, path))
                .ToArray();
            return hashes.Length > 0
                ? new(hashes, stamp)
                : throw new ServingException(
                    $"--api-keys is '{path}', which has no key. "
                    + "Write a line with a name and the SHA-256 of a key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServingException($"--api-keys is '{path}', which cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Answers as <paramref name="next"/> does, to those who may ask.</summary>
    public RequestDelegate Guarded(RequestDelegate next) => context =>
    {
        if (Allows(context))
            return next(context);
        var path = context.Request.Path;
        if (_path is null)
            return Problem.WriteAsync(
                context, StatusCodes.Status403Forbidden,
                $"{path} shows more than predictions, and this server, which other machines reach, has no keys for "
                + "it. Start it with --api-keys FILE.");
        context.Response.Headers.WWWAuthenticate = Header;
        return Problem.WriteAsync(
            context, StatusCodes.Status401Unauthorized,
            $"{path} shows more than predictions. Send a key of this server as {Header}.");
    };

    // All of them, in a time that says nothing of which one nearly was right.
    private static bool Knows(byte[][] hashes, string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var isKnown = false;
        foreach (var known in hashes)
            isKnown |= CryptographicOperations.FixedTimeEquals(hash, known);
        return isKnown;
    }

    // The line itself is not shown: it may be a key that was written there by mistake.
    private static byte[] HashOf(string line, int number, string path)
    {
        if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [_, { Length: 64 } hex]
            || !hex.All(char.IsAsciiHexDigit))
            throw new ServingException(FormattableString.Invariant(
                $"--api-keys is '{path}', whose line {number} is not a name and the ")
                + "SHA-256 of a key, which printf %s KEY | sha256sum tells.");
        var hash = Convert.FromHexString(hex);
        // Who sends no key would have it: a variable that was not set gives it.
        return !hash.AsSpan().SequenceEqual(SHA256.HashData([]))
            ? hash
            : throw new ServingException(FormattableString.Invariant(
                $"--api-keys is '{path}', whose line {number} has the SHA-256 of no key at all, which would let ")
                + "everybody in. Write that of a key: printf %s KEY | sha256sum.");
    }

    private static bool IsLoopback(string url) => BindingAddress.Parse(url).Host is var host
        && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>What a file of keys had when it was read.</summary>
    private sealed record KeyFile(byte[][] Hashes, (DateTime WrittenUtc, long Bytes) Stamp)
    {
        public static KeyFile None => new([], default);
    }
}
