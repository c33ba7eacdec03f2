using System.Security.Cryptography.X509Certificates;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Certificates that are trusted or not, and why not.</summary>
public sealed class TrustingCertificates : IDisposable
{
    private readonly FetchSpace _space = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task DeclaredAuthorityIsTrusted()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"), _certificates.Good);
        await _space.Fetch(Of(server, _certificates.AuthorityFile));
        Assert.Equal("1\n", _space.Rows);
    }

    [Fact]
    public async Task DeclaredCertificateIsTrusted()
    {
        using var certificate = _certificates.SelfSigned;
        await using var server = ScriptedServer.Of(Answers.Json("[1]"), certificate);
        await _space.Fetch(Of(server, _certificates.Save("server.pem", certificate)));
        Assert.Equal("1\n", _space.Rows);
    }

    [Fact]
    public Task UnknownAuthority() => Refuses(_certificates.Good, trusted: null,
        "it is signed by 'Test Authority', which this machine does not trust: if you do, save that authority's " +
        "certificate as a PEM file and name it in TrustedCertificates");

    [Fact]
    public Task SelfSigned() => Refuses(_certificates.SelfSigned, trusted: null,
        "it is signed by itself, and this machine does not know it: if you know it, save it as a PEM file and name " +
        "that in TrustedCertificates");

    [Fact]
    public Task SelfSignedBesideAnotherAuthority() => Refuses(_certificates.SelfSigned, _certificates.AuthorityFile,
        $"it is signed by itself, and this machine and '{_certificates.AuthorityFile}' do not know it: if you know " +
        "it, save it as a PEM file and name that in TrustedCertificates");

    [Fact]
    public Task Expired() => Refuses(_certificates.Expired, _certificates.AuthorityFile,
        "it expired on 2019-06-30: ask the server's owner to renew it");

    [Fact]
    public Task OfAnotherServer() => Refuses(_certificates.OfAnother, _certificates.AuthorityFile,
        "it is for 'api.example', 'www.api.example', not for 'localhost': use a name that it is for in Url");

    [Fact]
    public Task AllThatIsWrongIsNamed() => Refuses(_certificates.OfAnother, trusted: null,
        "it is for 'api.example', 'www.api.example', not for 'localhost': use a name that it is for in Url; and it " +
        "is signed by 'Test Authority', which this machine does not trust: if you do, save that authority's " +
        "certificate as a PEM file and name it in TrustedCertificates");

    [Fact]
    public async Task FileWithoutACertificate()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"), _certificates.Good);
        var file = _space["empty.pem"];
        File.WriteAllText(file, "no certificate");
        Assert.Equal(
            $"TrustedCertificates '{file}' holds no certificate, expected some that begin with -----BEGIN " +
            "CERTIFICATE-----.",
            await _space.Failure<ArgumentException>(Of(server, file)));
    }

    [Fact]
    public async Task FileWithADamagedCertificate()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"), _certificates.Good);
        var file = _space["damaged.pem"];
        File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        // What is between is the framework's.
        var failure = await _space.Failure<ArgumentException>(Of(server, file));
        Assert.StartsWith($"TrustedCertificates '{file}' holds a certificate that cannot be read (", failure,
            StringComparison.Ordinal);
        Assert.EndsWith("). Export it anew as PEM.", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerWithoutTls()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"));
        var failure = await _space.Failure<UnreachableSourceException>(Of(server, trusted: null));
        Assert.StartsWith($"https://localhost:{server.Port}/rows cannot be reached: localhost:{server.Port} does not " +
            "agree on TLS (", failure, StringComparison.Ordinal);
        Assert.EndsWith("). Check whether it is http, the port in Url, and the protocols that the server allows.",
            failure, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _space.Dispose();
    }

    private async Task Refuses(X509Certificate2 certificate, string? trusted, string because)
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"), certificate);
        Assert.Equal(
            $"https://localhost:{server.Port}/rows cannot be trusted. Of the certificate of localhost:{server.Port}: " +
            $"{because}.",
            await _space.Failure<UnreachableSourceException>(Of(server, trusted)));
        Assert.Empty(server.Asked);
        Assert.Empty(_space.Clock.Waits);
        certificate.Dispose();
    }

    private static HttpOptions Of(ScriptedServer server, string? trusted) => new()
    {
        Url = $"https://localhost:{server.Port}/rows",
        Answer = new HttpAnswer.Rows(),
        TrustedCertificates = trusted,
    };
}
