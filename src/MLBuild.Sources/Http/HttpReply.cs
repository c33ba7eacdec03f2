using System.Buffers;
using System.Text;

namespace MLBuild.Sources.Http;

/// <summary>A server's answer, whose body is read piece by piece.</summary>
/// <param name="url">What was asked at last, behind all redirections.</param>
internal sealed class HttpReply(
    HttpResponseMessage response, HttpAsk ask, Uri url, Silence silence, HttpCredentials credentials) : IDisposable
{
    private const int ExcerptBytes = 400;
    private const int ExcerptCharacters = 100;

    private Stream? _body;

    public HttpResponseMessage Response => response;

    public string What => ask.What;

    public Uri Url => url;

    /// <summary>Host and port of the server.</summary>
    public string Place => $"{url.IdnHost}:{url.Port}";

    public string? ContentType => response.Content.Headers.ContentType?.MediaType;

    /// <summary>True if a cut would be noticed: the server says how long it is, or marks its end.</summary>
    public bool HasEnd => response.Content.Headers.ContentLength is not null
        || response.Headers.TransferEncodingChunked == true;

    /// <summary>The next bytes of the body; none at its end.</summary>
    /// <exception cref="PassingFault">The connection broke, or the server fell silent.</exception>
    public async ValueTask<int> Read(Memory<byte> buffer)
    {
        try
        {
            silence.Begin();
            _body ??= Undone(await response.Content.ReadAsStreamAsync(silence.Token));
            var read = await _body.ReadAsync(buffer, silence.Token);
            silence.Pause();
            return read;
        }
        catch (OperationCanceledException) when (silence.IsOver)
        {
            throw silence.Fault(What);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw ConnectionFaults.Broken(What, e);
        }
        catch (InvalidDataException e)
        {
            throw new SourceSchemaException(
                $"{What} is damaged: it cannot be decompressed. Ask the owner of the server.", e);
        }
    }

    /// <summary>The whole body.</summary>
    /// <param name="tooLong">Makes what is thrown if there is more.</param>
    public async Task<ReadOnlyMemory<byte>> Whole(long most, Func<Exception> tooLong)
    {
        var body = new ArrayBufferWriter<byte>();
        while (await Read(body.GetMemory(16_384)) is > 0 and var read)
        {
            body.Advance(read);
            if (body.WrittenCount > most)
                throw tooLong();
        }
        return body.WrittenMemory;
    }

    /// <summary>How the body begins, for a message: on one line, without the secret; empty if it cannot be
    /// read.</summary>
    public async Task<string> Excerpt()
    {
        try
        {
            var start = new byte[ExcerptBytes];
            var count = 0;
            while (count < start.Length && await Read(start.AsMemory(count)) is > 0 and var read)
                count += read;
            return Excerpt(start.AsSpan(0, count));
        }
        catch (PassingFault)
        {
            return "";
        }
    }

    /// <summary>How a text begins, for a message: on one line, without the secret.</summary>
    public string Excerpt(ReadOnlySpan<byte> text)
    {
        var line = Line(text[..Math.Min(text.Length, ExcerptBytes)]);
        return line.Length <= ExcerptCharacters ? line : line[..ExcerptCharacters] + "...";
    }

    /// <summary>How a text ends, for a message.</summary>
    public string Ending(ReadOnlySpan<byte> text)
    {
        var line = Line(text[Math.Max(0, text.Length - ExcerptBytes)..]);
        return line.Length <= ExcerptCharacters ? line : "..." + line[^ExcerptCharacters..];
    }

    public void Dispose()
    {
        _body?.Dispose();
        response.Dispose();
        silence.Dispose();
    }

    private Stream Undone(Stream body) => ask.AcceptEncoding == ContentEncodings.Identity
        ? body
        : ContentEncodings.Undone(body, ContentEncodings.Of(response), What);

    // More is masked than is shown: a piece of a secret would not be recognised.
    private string Line(ReadOnlySpan<byte> text)
    {
        var line = credentials.Masked(Encoding.UTF8.GetString(text));
        line = string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return string.Concat(line.Where(c => !char.IsControl(c) && c != '\uFFFD'));
    }
}
