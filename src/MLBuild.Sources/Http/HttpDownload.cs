using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace MLBuild.Sources.Http;

/// <summary>Fetches one file with little memory. After a break it goes on where it was, if the server's file is sure to
/// be the same; else it begins anew.</summary>
/// <param name="path">Where the file is put when it is complete.</param>
internal sealed class HttpDownload(
    HttpConnection connection, HttpAnswer.File answer, TimeProvider clock, Action<string> log, string path)
{
    private const int BufferBytes = 81_920;

    // An attempt that brings less counts, so that a server that breaks off after each byte is given up.
    private const long AdvanceBytes = 1_000_000;

    private readonly string _part = path + ".part";
    private readonly SecretSearch _secret = new(connection.Credentials);
    private long _written;
    private long _furthest;
    private int _resumed;
    private int _restarted;
    private Version? _version;

    // What the server said of the file of which bytes are there.
    private sealed record Version(
        HttpValidators Validators, string Encoding, long? Length, bool HasEnd, ContentCheck? Check);

    public async Task<HttpFetchReport> Run(CancellationToken cancel)
    {
        Uri last;
        await using (var file = new FileStream(_part, FileMode.Create, FileAccess.Write, FileShare.Read))
            last = await connection.Ask(Ask, reply => Take(reply, file, cancel), cancel);
        var version = _version!;
        connection.Tally.Bytes = _written;
        await Decode(version.Encoding, cancel);
        return new(connection.Options.Url, UrlQuery.Shown(last), connection.Tally,
            version.Validators)
        {
            File = new(_resumed, _restarted, version switch
            {
                { Check: not null } => FileCheck.Digest,
                { Length: not null } => FileCheck.Length,
                { HasEnd: true } => FileCheck.End,
                _ => FileCheck.Nothing,
            }),
        };
    }

    private HttpAsk Ask()
    {
        var url = new Uri(connection.Options.Url);
        var ask = new HttpAsk(HttpMethod.Get, url, UrlQuery.Shown(url), connection.Options.Accept ?? "*/*");
        return _written > 0 && _version?.Validators.Strong is { } condition
            ? ask with { Range = new(_written, null), IfRange = condition }
            : ask;
    }

    private async Task<Uri> Take(HttpReply reply, FileStream file, CancellationToken cancel)
    {
        await StatusFaults.Demand(reply, connection.Credentials, clock, _written > 0
            ? [HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.RequestedRangeNotSatisfiable]
            : [HttpStatusCode.OK]);
        var range = reply.Response.Content.Headers.ContentRange;
        switch (reply.Response.StatusCode)
        {
            case HttpStatusCode.OK:
                await Begin(reply, file);
                await Copy(reply, file, cancel);
                break;
            case HttpStatusCode.PartialContent when range?.From == _written && IsSameVersion(reply):
                _resumed++;
                _version = _version! with
                {
                    Length = range.Length ?? _version.Length,
                    Check = _version.Check ?? ContentCheck.Of(reply.Response, isWhole: false),
                };
                await Copy(reply, file, cancel);
                break;
            // Every byte came before; only the mark of the end did not.
            case HttpStatusCode.RequestedRangeNotSatisfiable when range?.Length == _written && IsSameVersion(reply):
                break;
            default:
                Restart(file);
                throw new PassingFault($"{reply.What} did not send the part that was asked for.", PassingFault.Later);
        }
        await file.FlushAsync(cancel);
        if (_version!.Check is { } check && !check.Holds(_part))
        {
            Restart(file);
            throw new PassingFault($"{reply.What} arrived damaged: its bytes do not have the {check.Header} that the " +
                "server sent.", "Ask the owner of the server; a proxy may change what it passes on.");
        }
        return reply.Url;
    }

    private bool IsSameVersion(HttpReply reply) => _version is { } version
        && version.Validators.Allow(HttpValidators.Of(reply.Response))
        && version.Encoding == ContentEncodings.Of(reply.Response);

    private async Task Begin(HttpReply reply, FileStream file)
    {
        var isPage = Path.GetExtension(answer.Name).ToLowerInvariant() is ".html" or ".htm" or ".xhtml";
        if (WebPages.IsOne(reply) && !isPage)
            throw WebPages.Fault(reply, $"the file '{answer.Name}'", await reply.Excerpt());
        if (_written > 0)
        {
            log($"{reply.What} begins anew: its file changed, or the server cannot go on in it");
            Restart(file);
        }
        var content = reply.Response.Content.Headers;
        if (!reply.HasEnd)
            log($"{reply.What} does not say how long it is: a cut would not be noticed");
        _version = new(HttpValidators.Of(reply.Response), ContentEncodings.Of(reply.Response),
            content.ContentLength, reply.HasEnd,
            ContentCheck.Of(reply.Response, isWhole: true));
        if (content.ContentLength > connection.Options.MaxBytes)
            throw TooLong(reply);
    }

    private async Task Copy(HttpReply reply, FileStream file, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await reply.Read(buffer) is > 0 and var read)
            {
                if (_written + read > connection.Options.MaxBytes)
                    throw TooLong(reply);
                DemandNoSecret(buffer.AsSpan(0, read), reply.What, file);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                _written += read;
            }
            if (_version!.Length is { } length && _written != length)
                throw ConnectionFaults.Broken(reply.What, new IOException($"{_written} of {length} bytes came."));
        }
        catch (PassingFault fault) when (_written - _furthest >= AdvanceBytes)
        {
            _furthest = _written;
            throw new PassingFault(fault.Message, fault.Advice, fault.InnerException) { HasAdvanced = true };
        }
    }

    private void Restart(FileStream file)
    {
        _restarted++;
        _written = 0;
        _secret.Restart();
        file.SetLength(0);
        file.Position = 0;
    }

    // What a failed stage left is kept: its beginning may not be there either.
    private void DemandNoSecret(ReadOnlySpan<byte> block, string what, FileStream file)
    {
        try
        {
            _secret.Demand(block, what);
        }
        catch (SourceSchemaException)
        {
            file.SetLength(0);
            throw;
        }
    }

    private SourceSchemaException TooLong(HttpReply reply) => new(string.Create(CultureInfo.InvariantCulture,
        $"{reply.What} is longer than MaxBytes, {connection.Options.MaxBytes:N0}. Raise it if that is right."));

    // A server may compress although it was asked not to.
    private async Task Decode(string encoding, CancellationToken cancel)
    {
        if (encoding == "")
        {
            File.Move(_part, path, overwrite: true);
            return;
        }
        var what = UrlQuery.Shown(new(connection.Options.Url));
        await using (var compressed = File.OpenRead(_part))
        await using (var file = File.Create(path))
        {
            await using var plain = ContentEncodings.Undone(compressed, encoding, what);
            _secret.Restart();
            var buffer = new byte[BufferBytes];
            try
            {
                for (int read; (read = await plain.ReadAsync(buffer, cancel)) > 0;)
                {
                    if (file.Position + read > connection.Options.MaxBytes)
                        throw new SourceSchemaException($"{what} is longer than MaxBytes once it is decompressed. " +
                            "Raise it if that is right.");
                    DemandNoSecret(buffer.AsSpan(0, read), what, file);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
            }
            catch (InvalidDataException e)
            {
                throw new SourceSchemaException(
                    $"{what} is damaged: it cannot be decompressed ({encoding}). Ask the owner of the server.", e);
            }
        }
        File.Delete(_part);
    }
}
