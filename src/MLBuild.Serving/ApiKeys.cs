using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MLBuild.Serving;

/// <summary>Who may ask for more than predictions: whoever sends a key as <c>X-API-Key</c>. The server knows only
/// hashes: a line of its file has a name and the SHA-256 of a key, which <c>printf %s KEY | sha256sum</c> tells. Keys
/// are to be long and random, as nothing else slows guessing.</summary>
internal sealed class ApiKeys
{
    public const string Header = "X-API-Key";

    private readonly byte[][] _hashes;
    private readonly bool _isOpen;

    private ApiKeys(byte[][] hashes, bool isOpen) => (_hashes, _isOpen) = (hashes, isOpen);

    /// <summary>Reads the file of keys. Without one, a server that only its own machine can reach answers everybody,
    /// and any other nobody.</summary>
    /// <param name="path">Null for none.</param>
    /// <param name="urls">Where the server listens.</param>
    /// <exception cref="ServingException">The file cannot be read, or has a line that is something else.</exception>
    public static ApiKeys Of(string? path, IReadOnlyList<string> urls)
    {
        if (path is null)
            return new([], isOpen: urls.All(IsLoopback));
        try
        {
            var hashes = File.ReadLines(path).Index()
                .Where(line => line.Item.Trim() is { Length: > 0 } text && text[0] != '#')
                .Select(line => HashOf(line.Item, line.Index + 1, path))
                .ToArray();
            return hashes.Length > 0
                ? new(hashes, isOpen: false)
                : throw new ServingException(
                    $"The server cannot start: --api-keys is '{path}', which has no key. "
                    + "Write a line with a name and the SHA-256 of a key.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServingException(
                $"The server cannot start: --api-keys is '{path}', which cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Answers as <paramref name="next"/> does, to those who may ask.</summary>
    public RequestDelegate Guarded(RequestDelegate next) => context =>
    {
        if (_isOpen || Knows(context.Request.Headers[Header].ToString()))
            return next(context);
        var path = context.Request.Path;
        if (_hashes.Length == 0)
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
    private bool Knows(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var isKnown = false;
        foreach (var known in _hashes)
            isKnown |= CryptographicOperations.FixedTimeEquals(hash, known);
        return isKnown;
    }

    // The line itself is not shown: it may be a key that was written there by mistake.
    private static byte[] HashOf(string line, int number, string path) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, { Length: 64 } hex]
            && hex.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(hex)
                : throw new ServingException(FormattableString.Invariant(
                    $"The server cannot start: --api-keys is '{path}', whose line {number} is not a name and the ")
                    + "SHA-256 of a key, which printf %s KEY | sha256sum tells.");

    private static bool IsLoopback(string url) => BindingAddress.Parse(url).Host is var host
        && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));
}
