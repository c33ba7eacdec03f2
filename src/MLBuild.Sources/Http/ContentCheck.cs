using System.Security.Cryptography;

namespace MLBuild.Sources.Http;

/// <summary>The hash that a server says its bytes have: <c>Content-Digest</c> and <c>Repr-Digest</c> (RFC 9530), or
/// <c>Content-MD5</c>.</summary>
/// <param name="Header">Which said so.</param>
internal sealed record ContentCheck(string Header, HashAlgorithmName Algorithm, string Base64)
{
    /// <summary>The strongest of what an answer says of the whole; null if it says nothing.</summary>
    /// <param name="isWhole">True unless it is a part: then only <c>Repr-Digest</c> speaks of the whole.</param>
    public static ContentCheck? Of(HttpResponseMessage response, bool isWhole)
    {
        string[] headers = isWhole ? ["Repr-Digest", "Content-Digest"] : ["Repr-Digest"];
        foreach (var algorithm in new[] { HashAlgorithmName.SHA512, HashAlgorithmName.SHA256 })
        {
            foreach (var header in headers)
            {
                var label = algorithm == HashAlgorithmName.SHA512 ? "sha-512=:" : "sha-256=:";
                var digest = Values(response, header).SelectMany(value => value.Split(','))
                    .Select(value => value.Trim())
                    .FirstOrDefault(value => value.StartsWith(label, StringComparison.OrdinalIgnoreCase));
                if (digest is not null)
                    return new(header, algorithm, digest[label.Length..].Split(':')[0]);
            }
        }
        return isWhole && response.Content.Headers.ContentMD5 is { } md5
            ? new("Content-MD5", HashAlgorithmName.MD5, Convert.ToBase64String(md5))
            : null;
    }

    public bool Holds(string path)
    {
        using var hash = IncrementalHash.CreateHash(Algorithm);
        // Whoever writes it still has it open, which Windows would refuse otherwise.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        var buffer = new byte[81_920];
        while (file.Read(buffer) is > 0 and var read)
            hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToBase64String(hash.GetHashAndReset()) == Base64;
    }

    private static IEnumerable<string> Values(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
            || response.Content.Headers.TryGetValues(header, out values) ? values : [];
}
