namespace MLBuild.Sources.Http;

/// <summary>Looks for the secret in bytes that come block by block, also where one begins in a block and ends in the
/// next.</summary>
internal sealed class SecretSearch(HttpCredentials credentials)
{
    private readonly int _overlap = Math.Max(0, credentials.LongestBytes - 1);
    private byte[] _end = [];

    /// <exception cref="SourceSchemaException">It is there.</exception>
    /// <param name="what">What the bytes are of, as messages call it.</param>
    public void Demand(ReadOnlySpan<byte> block, string what)
    {
        if (credentials.LongestBytes == 0)
            return;
        byte[] joint = [.. _end, .. block[..Math.Min(_overlap, block.Length)]];
        if (credentials.AreIn(joint) || credentials.AreIn(block))
            throw new SourceSchemaException($"{what} holds the value of the secret '{credentials.SecretName}', which " +
                "no artifact may hold. Send it in a header, or ask the owner of the server to leave it out.");
        byte[] end = [.. _end, .. block[Math.Max(0, block.Length - _overlap)..]];
        _end = end[Math.Max(0, end.Length - _overlap)..];
    }

    /// <summary>What comes next is the first block.</summary>
    public void Restart() => _end = [];
}
